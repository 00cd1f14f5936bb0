import type { Caller } from '@facet/context';
import { AccessTokens, type AccessTokenOptions } from './access-tokens.js';
import { refusedCredential } from './challenge.js';

/**
 * AccessTokenVerifier: who a plain bearer token speaks for, where there is no request to guard. Throws ProblemError `unauthenticated` with a challenge, also
 * for a token that is bound to a key, or `dependency-unavailable` where the issuer is needed and away.
 */
export class AccessTokenVerifier {
  readonly #tokens: AccessTokens;

  constructor(options: AccessTokenOptions) {
    this.#tokens = new AccessTokens(options);
  }

  async verify(token: string): Promise<Caller> {
    const { caller, confirmation } = await this.#tokens.accept(token);
    if (confirmation) throw refusedCredential(new Error('A token that is bound to a key is no bearer token'));
    return caller;
  }
}
