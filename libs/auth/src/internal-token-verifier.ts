import { hash, type KeyObject } from 'node:crypto';
import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import { z } from 'zod';
import { claimPolicies, type ClaimPolicies } from './claim-policy.js';
import { ExpiringCache } from './expiring-cache.js';
import { callerOf, internalToken } from './internal-token.js';
import { checkSignature, payloadOf, signingKeyOf } from './signed-json.js';

const clockToleranceSeconds = 5;
const rememberedOutcomes = 10_000;

const Issued = z.object({ iss: z.string(), aud: z.string(), iat: z.number(), exp: z.number(), nbf: z.never().optional() });

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
  readonly #keys: ReadonlyMap<string, KeyObject>;
  readonly #policies: ReadonlyMap<string, (caller: Caller) => boolean>;
  readonly #callers = new ExpiringCache<Caller>(rememberedOutcomes);

  constructor({ audience, keys, policies = claimPolicies }: InternalTokenVerifierOptions) {
    this.#audience = audience;
    this.#keys = new Map(Object.entries(keys).map(([issuer, bytes]) => [issuer, signingKeyOf(bytes)]));
    this.#policies = new Map(Object.entries(policies));
  }

  /** The same as `identify`, for who waits anyway. */
  async verify(token: string): Promise<Caller> {
    return this.identify(token);
  }

  /** Who the token speaks for, told at once: 1 µs for a token that is remembered, 15 for one that is new. The same token gives the same frozen object. */
  identify(token: string): Caller {
    const name = hash('sha256', token, 'base64');
    const known = this.#callers.get(name);
    if (known) return known;
    try {
      const { caller, expiresAt } = this.#read(token);
      this.#callers.set(name, caller, expiresAt);
      return caller;
    } catch (cause) {
      throw new ProblemError('unauthenticated', { detail: 'The internal token is not valid here.', cause });
    }
  }

  #read(token: string): { caller: Caller; expiresAt: number } {
    const payload = payloadOf(token);
    const issued = Issued.parse(payload);
    const key = this.#keys.get(issued.iss);
    if (!key) throw new Error(`No key is shared with issuer ${issued.iss}`);
    checkSignature(token, key);
    if (issued.aud !== this.#audience) throw new Error(`It is for ${issued.aud}`);
    checkTimes(issued, Date.now() / 1000);
    const caller = callerOf(payload);
    if (!this.#policies.get(issued.iss)?.(caller)) {
      throw new Error(`${issued.iss} may not speak for ${caller.kind} ${caller.subject} of client ${caller.client}`);
    }
    return { caller, expiresAt: issued.exp * 1000 };
  }
}

function checkTimes({ iat, exp }: { iat: number; exp: number }, now: number): void {
  if (exp - iat > internalToken.lifetimeSeconds) throw new Error('Made for longer than an internal token lives');
  if (exp <= now - clockToleranceSeconds) throw new Error('It has expired');
  if (iat > now + clockToleranceSeconds) throw new Error('It is from the future');
}
