import { hash, type KeyObject } from 'node:crypto';
import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import { z } from 'zod';
import { claimPolicies, type ClaimPolicies } from './claim-policy.js';
import { ExpiringCache } from './expiring-cache.js';
import { callerOf, internalToken } from './internal-token.js';
import type { Revocations } from './revocations.js';
import { checkSignature, payloadOf, signingKeyOf } from './signed-json.js';

const clockToleranceSeconds = 5;
const rememberedOutcomes = 10_000;

const Issued = z.object({ iss: z.string(), aud: z.string(), iat: z.number(), exp: z.number(), nbf: z.never().optional() });

/** SharedKeys: by issuer the key that it shares with a service, as `deriveInternalKey` makes it; while it changes its key, both: the one it has and the next. */
export type SharedKeys = Readonly<Record<string, Uint8Array | readonly Uint8Array[]>>;

/** InternalTokenVerifierOptions: which service this is, and the keys that it shares with each issuer. */
export interface InternalTokenVerifierOptions {
  /** Own name, such as `rooms-service`. */
  readonly audience: string;
  readonly keys: SharedKeys;
  readonly policies?: ClaimPolicies;
}

/** What is remembered of a token: whom it speaks for, and who made it. */
interface Known {
  readonly caller: Caller;
  readonly issuer: string;
}

/**
 * InternalTokenVerifier: who an internal token speaks for. Refuses (ProblemError `unauthenticated`) another type, algorithm, audience or issuer, what
 * is expired, from the future or made for longer than 60 s, and a caller that this issuer may not speak for. A verified token is remembered by its
 * SHA-256 until it expires, in a bounded cache; the clocks of two machines may differ by 5 s. Of several keys of an issuer the first that fits counts.
 */
export class InternalTokenVerifier {
  readonly #audience: string;
  readonly #keys: ReadonlyMap<string, readonly KeyObject[]>;
  readonly #policies: ReadonlyMap<string, (caller: Caller) => boolean>;
  readonly #known = new ExpiringCache<Known>(rememberedOutcomes);
  #revocations: Revocations | undefined;

  constructor({ audience, keys, policies = claimPolicies }: InternalTokenVerifierOptions) {
    this.#audience = audience;
    this.#keys = new Map(Object.entries(keys).map(([issuer, bytes]) => [issuer, [bytes].flat().map(signingKeyOf)]));
    this.#policies = new Map(Object.entries(policies));
  }

  /** From now on who was revoked is refused (`forbidden`), and nothing is remembered of him. */
  heed(revocations: Revocations): void {
    this.#revocations = revocations;
    revocations.onRevoked((isOver) => this.#known.deleteWhere(({ caller }) => isOver(caller)));
  }

  /** Who may be on the other end of a connection: the issuers of whom there is a key. */
  get issuers(): readonly string[] {
    return [...this.#keys.keys()];
  }

  /** The same as `identify`, for who waits anyway. */
  async verify(token: string, peer?: string): Promise<Caller> {
    return this.identify(token, peer);
  }

  /**
   * Who the token speaks for, told at once: 1 µs for a token that is remembered, 15 for one that is new. The same token gives the same frozen object.
   * `peer` is who the certificate of the connection says is there, where it has one: from anybody but its issuer a token is stolen, and refused.
   */
  identify(token: string, peer?: string): Caller {
    const name = hash('sha256', token, 'base64');
    const known = this.#known.get(name) ?? this.#learn(name, token);
    if (peer !== undefined && peer !== known.issuer) throw refusal(new Error(`A token of ${known.issuer} came from ${peer}`));
    if (this.#revocations?.covers(known.caller)) throw revoked();
    return known.caller;
  }

  #learn(name: string, token: string): Known {
    try {
      const { expiresAt, ...known } = this.#read(token);
      this.#known.set(name, known, expiresAt);
      return known;
    } catch (cause) {
      throw refusal(cause);
    }
  }

  #read(token: string): Known & { readonly expiresAt: number } {
    const payload = payloadOf(token);
    const issued = Issued.parse(payload);
    const keys = this.#keys.get(issued.iss);
    if (!keys) throw new Error(`No key is shared with issuer ${issued.iss}`);
    checkSignatures(token, keys);
    if (issued.aud !== this.#audience) throw new Error(`It is for ${issued.aud}`);
    checkTimes(issued, Date.now() / 1000);
    const caller = callerOf(payload);
    if (!this.#policies.get(issued.iss)?.(caller)) {
      throw new Error(`${issued.iss} may not speak for ${caller.kind} ${caller.subject} of client ${caller.client}`);
    }
    return { caller, issuer: issued.iss, expiresAt: issued.exp * 1000 };
  }
}

/** The service's answer, not a failure of it: a BFF that does not know yet must not take it for ill. */
function revoked(): ProblemError {
  return new ProblemError('forbidden', { detail: 'What the caller came with was revoked.' });
}

function refusal(cause: unknown): ProblemError {
  return new ProblemError('unauthenticated', { detail: 'The internal token is not valid here.', cause });
}

/** Throws unless the token was signed with one of these keys. */
function checkSignatures(token: string, [key, ...others]: readonly KeyObject[]): void {
  if (!key) throw new Error('The signature does not match');
  try {
    checkSignature(token, key);
  } catch (error) {
    if (others.length === 0) throw error;
    checkSignatures(token, others);
  }
}

function checkTimes({ iat, exp }: { iat: number; exp: number }, now: number): void {
  if (exp - iat > internalToken.lifetimeSeconds) throw new Error('Made for longer than an internal token lives');
  if (exp <= now - clockToleranceSeconds) throw new Error('It has expired');
  if (iat > now + clockToleranceSeconds) throw new Error('It is from the future');
}
