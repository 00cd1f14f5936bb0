import { hash } from 'node:crypto';
import type { Caller } from '@facet/context';
import { Passport } from 'passport';
import { accessTokenStrategy, type PresentedToken } from './access-token-strategy.js';
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

  /**
   * What a token says: at once where it is remembered, which is one hash and one look-up, else once it was verified. Throws, or rejects with, ProblemError
   * `unauthenticated` with a challenge, or `dependency-unavailable` where the issuer is needed and away.
   */
  accept(token: string): Verified | Promise<Verified> {
    const name = hash('sha256', token, 'base64');
    const known = this.#accepted.get(name);
    return known && this.#keys.has(known.kid) ? known : this.#verify(token, name);
  }

  /** Forgets the tokens of such callers: the next time each is checked anew. */
  forgetCallers(isOver: (caller: Caller) => boolean): void {
    this.#accepted.deleteWhere(({ caller }) => isOver(caller));
  }

  async #verify(token: string, name: string): Promise<Verified> {
    const verified = await this.#check({ token });
    this.#accepted.set(name, verified, verified.expiresAt);
    return verified;
  }

  #check(presented: PresentedToken): Promise<Verified> {
    return new Promise((resolve, reject) => {
      const done = (error: unknown, verified: Verified | false | null | undefined, why: unknown) => {
        if (verified) resolve(verified);
        else reject((error as Error | null) ?? refusedCredential(why));
      };
      const middleware = this.#passport.authenticate('jwt', { session: false }, done as never) as (...request: unknown[]) => void;
      middleware(presented, {}, reject);
    });
  }
}
