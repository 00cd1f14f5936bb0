import { hash } from 'node:crypto';
import type { Caller } from '@facet/context';
import { Passport } from 'passport';
import { accessTokenStrategy } from './access-token-strategy.js';
import { refusedCredential } from './challenge.js';
import { ExpiringCache } from './expiring-cache.js';
import { SigningKeys, type SigningKeysOptions } from './signing-keys.js';
import type { Verified } from './verified.js';

const rememberedOutcomes = 10_000;

/** AccessTokenOptions: whose tokens are accepted, and the name that they must be for, such as `mobile-bff`. */
export interface AccessTokenOptions extends SigningKeysOptions {
  readonly audience: string;
}

/**
 * AccessTokens: which access tokens (RFC 9068) are accepted. A token is checked once, by Passport, and remembered by its SHA-256 until it expires, it is
 * forgotten, or its issuer has withdrawn the key, in a bounded cache; failures are not. A token that is bound to a key (`cnf`) is accepted here as what it
 * is: who admits its bearer must see a proof.
 */
export class AccessTokens {
  readonly #accepted = new ExpiringCache<Verified>(rememberedOutcomes);
  readonly #keys: SigningKeys;
  readonly #passport = new Passport();

  constructor({ issuer, audience, ...options }: AccessTokenOptions) {
    this.#keys = new SigningKeys({ issuer, ...options });
    this.#passport.use(accessTokenStrategy({ issuer, audience, keys: this.#keys }));
  }

  /** What is remembered of a token: one hash and one look-up. Nothing says only that it is to be verified. */
  recall(token: string): Verified | undefined {
    const known = this.#accepted.get(nameOf(token));
    return known && this.#keys.has(known.kid) ? known : undefined;
  }

  /** Throws ProblemError `unauthenticated` with a challenge, or `dependency-unavailable` where the issuer is needed and away. */
  async verify(token: string): Promise<Verified> {
    const known = this.recall(token);
    if (known) return known;
    const verified = await this.#check(token);
    this.#accepted.set(nameOf(token), verified, verified.expiresAt);
    return verified;
  }

  /** Forgets the tokens of such callers: the next time each is checked anew. */
  forgetCallers(isOver: (caller: Caller) => boolean): void {
    this.#accepted.deleteWhere(({ caller }) => isOver(caller));
  }

  #check(token: string): Promise<Verified> {
    return new Promise((resolve, reject) => {
      const done = (error: unknown, verified: Verified | false | null | undefined, why: unknown) => {
        if (verified) resolve(verified);
        else reject((error as Error | null) ?? refusedCredential(why));
      };
      const middleware = this.#passport.authenticate('jwt', { session: false }, done as never) as (...request: unknown[]) => void;
      middleware({ headers: { authorization: `Bearer ${token}` } }, {}, reject);
    });
  }
}

function nameOf(token: string): string {
  return hash('sha256', token, 'base64');
}
