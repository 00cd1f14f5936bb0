import type { Caller } from '@facet/context';
import { SignJWT } from 'jose';
import { ExpiringCache } from './expiring-cache.js';
import { claimsOf, deriveInternalKey, internalToken } from './internal-token.js';

const spareMs = 10_000;
const rememberedTokens = 10_000;

/** InternalTokenMinterOptions: who speaks, and the secret from which its keys are derived. */
export interface InternalTokenMinterOptions {
  /** `mobile-bff`, …; the name under which the services hold the derived key. */
  readonly issuer: string;
  readonly rootKey: Uint8Array;
}

/**
 * InternalTokenMinter: tells a service who is calling, in a token of 60 s that only this service accepts. The same caller and service get the same
 * token while it is valid for more than 10 s; so many callers are remembered as fit a bounded cache.
 */
export class InternalTokenMinter {
  readonly #issuer: string;
  readonly #rootKey: Uint8Array;
  readonly #keys = new Map<string, Uint8Array>();
  readonly #tokens = new ExpiringCache<Promise<string>>(rememberedTokens);

  constructor({ issuer, rootKey }: InternalTokenMinterOptions) {
    this.#issuer = issuer;
    this.#rootKey = rootKey;
  }

  /** A token for `audience`, such as `rooms-service`. */
  mint(caller: Caller, audience: string): Promise<string> {
    const claims = claimsOf(caller);
    const name = `${audience} ${JSON.stringify(claims)}`;
    const kept = this.#tokens.get(name);
    if (kept) return kept;
    const now = Date.now();
    const token = this.#sign(claims, audience, Math.floor(now / 1000));
    this.#tokens.set(name, token, now + internalToken.lifetimeSeconds * 1000 - spareMs);
    token.catch(() => this.#tokens.delete(name));
    return token;
  }

  #sign(claims: ReturnType<typeof claimsOf>, audience: string, issuedAt: number): Promise<string> {
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: internalToken.alg, typ: internalToken.typ })
      .setIssuer(this.#issuer)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + internalToken.lifetimeSeconds)
      .sign(this.#keyFor(audience));
  }

  #keyFor(audience: string): Uint8Array {
    const known = this.#keys.get(audience);
    if (known) return known;
    const key = deriveInternalKey(this.#rootKey, audience);
    this.#keys.set(audience, key);
    return key;
  }
}
