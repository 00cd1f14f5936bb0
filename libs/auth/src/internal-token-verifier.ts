import { hash } from 'node:crypto';
import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import { decodeJwt, jwtVerify, type JWTPayload } from 'jose';
import { claimPolicies, type ClaimPolicies } from './claim-policy.js';
import { ExpiringCache } from './expiring-cache.js';
import { callerOf, internalToken } from './internal-token.js';

const clockToleranceSeconds = 5;
const rememberedOutcomes = 10_000;

/** InternalTokenVerifierOptions: which service this is, and the key that it shares with each issuer. */
export interface InternalTokenVerifierOptions {
  /** Own name, such as `rooms-service`. */
  readonly audience: string;
  /** Key by issuer, as `deriveInternalKey` makes it. */
  readonly keys: Readonly<Record<string, Uint8Array>>;
  readonly policies?: ClaimPolicies;
}

/**
 * InternalTokenVerifier: who an internal token speaks for. Refuses (ProblemError `unauthenticated`) another type, algorithm, audience or issuer, what
 * is expired, from the future or made for longer than 60 s, and a caller that this issuer may not speak for. A verified token is remembered by its
 * SHA-256 until it expires, in a bounded cache; the clocks of two machines may differ by 5 s.
 */
export class InternalTokenVerifier {
  readonly #audience: string;
  readonly #keys: ReadonlyMap<string, Uint8Array>;
  readonly #policies: ClaimPolicies;
  readonly #callers = new ExpiringCache<Caller>(rememberedOutcomes);

  constructor({ audience, keys, policies = claimPolicies }: InternalTokenVerifierOptions) {
    this.#audience = audience;
    this.#keys = new Map(Object.entries(keys));
    this.#policies = policies;
  }

  async verify(token: string): Promise<Caller> {
    const name = hash('sha256', token, 'base64');
    const known = this.#callers.get(name);
    if (known) return known;
    try {
      const payload = await this.#check(token);
      const caller = this.#read(payload);
      this.#callers.set(name, caller, (payload.exp ?? 0) * 1000);
      return caller;
    } catch (cause) {
      throw new ProblemError('unauthenticated', { detail: 'The internal token is not valid here.', cause });
    }
  }

  async #check(token: string): Promise<JWTPayload> {
    const issuer = decodeJwt(token).iss ?? '';
    const key = this.#keys.get(issuer);
    if (!key) throw new Error(`No key is shared with issuer ${issuer}`);
    const { payload } = await jwtVerify(token, key, {
      algorithms: [internalToken.alg],
      typ: internalToken.typ,
      issuer,
      audience: this.#audience,
      requiredClaims: ['exp', 'iat', 'sub'],
      maxTokenAge: internalToken.lifetimeSeconds,
      clockTolerance: clockToleranceSeconds,
    });
    if ((payload.exp ?? 0) - (payload.iat ?? 0) > internalToken.lifetimeSeconds)
      throw new Error('Made for longer than an internal token lives');
    return payload;
  }

  #read(payload: JWTPayload): Caller {
    const caller = callerOf(payload);
    const policy = Object.entries(this.#policies).find(([issuer]) => issuer === payload.iss)?.[1];
    if (!policy?.(caller)) throw new Error(`${payload.iss} may not speak for ${caller.kind} ${caller.subject} of client ${caller.client}`);
    return caller;
  }
}
