import type { Caller } from '@facet/context';
import { AccessTokenStrategy, type AccessTokenOptions } from './access-token-strategy.js';
import { noCredential, refusedCredential } from './challenge.js';

/** Where Passport would put its own functions: on an object that inherits from the strategy, one for each attempt. */
type Attempt = Pick<AccessTokenStrategy, 'authenticate'> & { success?: unknown; fail?: unknown; error?: unknown };

/**
 * AccessTokenVerifier: who an access token speaks for, by the same checks and the same memory as the guard's, where there is no request to guard.
 * Throws ProblemError `unauthenticated` with a challenge, or `dependency-unavailable` where the issuer is needed and away.
 */
export class AccessTokenVerifier {
  readonly #strategy: AccessTokenStrategy;

  constructor(options: AccessTokenOptions | AccessTokenStrategy) {
    this.#strategy = options instanceof AccessTokenStrategy ? options : new AccessTokenStrategy(options);
  }

  verify(token: string): Promise<Caller> {
    return new Promise((resolve, reject) => {
      const attempt: Attempt = Object.create(this.#strategy);
      attempt.success = resolve;
      attempt.fail = (why: unknown) => reject(token ? refusedCredential(why) : noCredential());
      attempt.error = reject;
      attempt.authenticate({ headers: { authorization: `Bearer ${token}` } } as never);
    });
  }
}
