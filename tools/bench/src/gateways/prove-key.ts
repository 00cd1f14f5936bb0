import { DpopNonces, newCaller, proveKey, type Attempt } from '@facet/auth';
import { MemoryState } from '@facet/state/memory';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { announce, onQuestion, settings } from '../processes/announce.js';

// The step of mobile-bff that checks proofs of possession, and nothing else: each proof of a file, once.

export interface ProveKeySettings {
  readonly origin: string;
  readonly path: string;
  readonly token: string;
  readonly jkt: string;
}

const { origin, path, token, jkt } = settings<ProveKeySettings>();
const nonces = new DpopNonces(randomBytes(32));
const step = proveKey({ used: new MemoryState(), nonces, publicUrl: origin });
const caller = newCaller({ subject: 'bench', kind: 'user', client: 'mobile-app', scopes: [], roles: ['user'] });
const verified = { caller, kid: 'bench', jti: 'bench', expiresAt: Number.MAX_SAFE_INTEGER, confirmation: { jkt } };

onQuestion('nonce', () => nonces.current());
onQuestion('prove', async (file) => {
  const proofs = readFileSync(String(file), 'utf8').split('\n');
  for (const dpop of proofs) {
    const request = { method: 'GET', url: path, headers: { dpop } };
    const attempt: Attempt = { request, reply: { header: () => undefined }, credential: { scheme: 'dpop', text: token }, verified };
    await step.run(attempt);
    if (attempt.proven?.[0] !== 'jkt') throw new Error('Not proven');
  }
  return proofs.length;
});
announce({});
