import { hash } from 'node:crypto';
import type { Attempt, AuthenticationStep } from './authentication-step.js';
import type { DpopKey } from './dpop-key.js';
import type { DpopNonces } from './dpop-nonces.js';
import { DpopProof, proofWindowSeconds } from './dpop-proof.js';
import { invalidProof, nonceNeeded, wrongBinding } from './dpop-refusals.js';
import { ExpiringCache } from './expiring-cache.js';

const rememberedKeys = 10_000;
const longestRememberedHead = 512;
/** How far the clocks of replicas may be apart. */
const skewMs = 10_000;
const nothing = new Uint8Array();

/** UsedProofs: what all replicas know of the proofs that were used; a SharedState is one. Of any number of inserts of a key, one is told true. */
export interface UsedProofs {
  insert(key: string, value: Uint8Array, ttlMs: number): Promise<boolean>;
}

/** ProveKeyOptions: what proofs are held against. */
export interface ProveKeyOptions {
  readonly used: UsedProofs;
  readonly nonces: DpopNonces;
  /** How clients reach this application, such as `https://mobile.example`: what their proofs name. */
  readonly publicUrl: string;
  readonly now?: () => number;
}

/**
 * proveKey: the step for tokens that are bound to a key of the client (`cnf` with `jkt`, RFC 9449): the client shows by a fresh proof for this very request
 * that it has the key, or is refused. What is cheap is looked at first, the signature then; a proof that is good in all else is used up, over all replicas,
 * and where that cannot be written down nobody is let in (`dependency-unavailable`). A token that is bound to no key it lets be, unless it came as one.
 */
export function proveKey({ used, nonces, publicUrl, now = Date.now }: ProveKeyOptions): AuthenticationStep {
  const base = publicUrl.replace(/\/+$/, '');
  const known = new ExpiringCache<DpopKey>(rememberedKeys);

  const check = (proof: DpopProof, jkt: string, { request: { method, url }, credential, verified }: Attempt) => {
    const remembered = known.get(proof.head);
    const key = remembered ?? proof.key();
    if (key.thumbprint !== jkt) throw wrongBinding('The access token is bound to another key than that of the DPoP proof.');
    proof.requireToken(credential!.text);
    proof.requireFor({ method, uri: base + pathOf(url), now: now() });
    if (!nonces.accepts(proof.claims.nonce ?? '')) throw nonceNeeded(nonces.current());
    proof.requireSignature(key);
    if (!remembered && proof.head.length <= longestRememberedHead) known.set(proof.head, key, verified!.expiresAt);
  };

  return {
    name: 'prove the key that the token is bound to',
    run(attempt) {
      const jkt = boundTo(attempt);
      if (jkt === undefined) return undefined;
      const proof = DpopProof.read(attempt.request.headers['dpop']);
      check(proof, jkt, attempt);
      return use(proof, jkt).then(() => {
        attempt.proven = [...(attempt.proven ?? []), 'jkt'];
        if (proof.claims.nonce !== nonces.current()) attempt.reply.header('dpop-nonce', nonces.current());
      });
    },
  };

  /** Its id is kept, as a hash, for as long as the proof could be accepted anywhere. */
  async function use({ claims: { jti, iat } }: DpopProof, jkt: string): Promise<void> {
    const ttlMs = (iat + proofWindowSeconds) * 1_000 - now() + skewMs;
    const isNew = await used.insert(`dpop:${hash('sha256', `${jkt}.${jti}`, 'base64url')}`, nothing, ttlMs);
    if (!isNew) throw invalidProof('It was used before.');
  }
}

/** The thumbprint of the key that must be shown. */
function boundTo({ credential, verified }: Attempt): string | undefined {
  if (!credential || !verified) return undefined;
  const jkt = verified.confirmation?.jkt;
  if (credential.scheme === 'dpop') {
    if (jkt === undefined) throw wrongBinding('The access token is bound to no key, so the scheme DPoP is not for it.');
    return jkt;
  }
  if (jkt !== undefined) throw wrongBinding('The access token is bound to a key: it takes the scheme DPoP and a proof.');
  return undefined;
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
