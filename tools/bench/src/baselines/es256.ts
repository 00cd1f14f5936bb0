import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { announce, onQuestion, settings } from '../processes/announce.js';

// Frozen. The cryptography of a token and nothing else: each signature of a file of JWTs, once.

export interface Es256Settings {
  /** PEM. */
  readonly publicKey: string;
}

const key = createPublicKey(settings<Es256Settings>().publicKey);

onQuestion('verify', (path) => {
  const tokens = readFileSync(String(path), 'utf8').split('\n');
  for (const token of tokens) {
    const at = token.lastIndexOf('.');
    const signature = Buffer.from(token.slice(at + 1), 'base64url');
    if (!verify('sha256', Buffer.from(token.slice(0, at)), { key, dsaEncoding: 'ieee-p1363' }, signature)) throw new Error('Not signed');
  }
  return tokens.length;
});
announce({});
