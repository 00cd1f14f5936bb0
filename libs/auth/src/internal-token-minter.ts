import type { KeyObject } from 'node:crypto';
import type { Caller } from '@facet/context';
import { ExpiringCache } from './expiring-cache.js';
import { claimsOf, deriveInternalKey, internalToken } from './internal-token.js';
import { signJson, signingKeyOf } from './signed-json.js';

const usefulMs = internalToken.lifetimeSeconds * 1000 - 10_000;
const rememberedTokens = 10_000;

/** InternalTokenMinterOptions: who speaks, and the secret from which its keys are derived. */
export interface InternalTokenMinterOptions {
  /** `mobile-bff`, …; the name under which the services hold the derived key. */
  readonly issuer: string;
  readonly rootKey: Uint8Array;
}

interface Minted {
  readonly caller: Caller;
  readonly token: string;
  readonly until: number;
}

/**
 * InternalTokenMinter: tells a service who is calling, in a token of 60 s that only this service accepts. The same caller and service get the same
 * token while it is valid for more than 10 s; so many callers are remembered as fit a bounded cache.
 */
export class InternalTokenMinter {
  readonly #issuer: string;
  readonly #rootKey: Uint8Array;
  readonly #keys = new Map<string, KeyObject>();
  readonly #tokens = new ExpiringCache<Minted>(rememberedTokens);
  #atHand = new WeakMap<Caller, Map<string, Minted>>();
  #clearAt = 0;

  constructor({ issuer, rootKey }: InternalTokenMinterOptions) {
    this.#issuer = issuer;
    this.#rootKey = rootKey;
  }

  /**
   * The token for `audience` that `mint` gave for this very Caller object, while it is valid for more than 10 s: two look-ups, no promise. Nothing
   * where there is none, and for a Caller that could have changed since: only what is frozen, lists included, is known by its object.
   */
  peek(caller: Caller, audience: string): string | undefined {
    const minted = this.#atHand.get(caller)?.get(audience);
    return minted && minted.until > Date.now() ? minted.token : undefined;
  }

  /** A token for `audience`, such as `rooms-service`. */
  mint(caller: Caller, audience: string): string {
    return this.peek(caller, audience) ?? this.#find(caller, audience);
  }

  /** Forgets the tokens of such callers. */
  forgetCallers(isOver: (caller: Caller) => boolean): void {
    let any = false;
    this.#tokens.deleteWhere(({ caller }) => {
      const over = isOver(caller);
      any ||= over;
      return over;
    });
    if (any) this.#atHand = new WeakMap();
  }

  #find(caller: Caller, audience: string): string {
    const claims = claimsOf(caller);
    const name = `${audience} ${JSON.stringify(claims)}`;
    const now = Date.now();
    let minted = this.#tokens.get(name);
    if (!minted) {
      minted = { caller, token: this.#sign(claims, audience, Math.floor(now / 1000)), until: now + usefulMs };
      this.#tokens.set(name, minted, minted.until);
    }
    if (isFrozen(caller)) this.#keepAtHand(caller, audience, minted, now);
    return minted.token;
  }

  /** All that is at hand is let go now and then, so that callers who stay known do not hold tokens that are over. */
  #keepAtHand(caller: Caller, audience: string, minted: Minted, now: number): void {
    if (now >= this.#clearAt) {
      this.#atHand = new WeakMap();
      this.#clearAt = now + usefulMs;
    }
    const known = this.#atHand.get(caller);
    if (known) known.set(audience, minted);
    else this.#atHand.set(caller, new Map([[audience, minted]]));
  }

  #sign(claims: ReturnType<typeof claimsOf>, audience: string, issuedAt: number): string {
    const times = { iat: issuedAt, exp: issuedAt + internalToken.lifetimeSeconds };
    return signJson({ ...claims, iss: this.#issuer, aud: audience, ...times }, this.#keyFor(audience));
  }

  #keyFor(audience: string): KeyObject {
    const known = this.#keys.get(audience);
    if (known) return known;
    const key = signingKeyOf(deriveInternalKey(this.#rootKey, audience));
    this.#keys.set(audience, key);
    return key;
  }
}

function isFrozen(caller: Caller): boolean {
  return Object.isFrozen(caller) && Object.isFrozen(caller.scopes) && Object.isFrozen(caller.roles);
}
