import { randomUUID } from 'node:crypto';
import { audienceOf, facetClaims } from '@facet/auth';
import { SignJWT, importJWK } from 'jose';
import type { Account } from '../accounts/accounts.js';
import type { KeySet } from '../keys/key-set.js';
import { issuedAt } from './token-claims.js';

export interface AccessTokenRequest {
  readonly account: Account;
  readonly client: string;
  readonly scopes: readonly string[];
  readonly lifetimeSeconds: number;
  /** The thumbprint of the client's key, where the token is bound to one (RFC 9449). */
  readonly jkt?: string | undefined;
}

/** Access tokens for people (RFC 9068), as oidc-provider makes them for partners. */
export class AccessTokens {
  constructor(
    readonly issuer: string,
    private readonly keySet: KeySet,
  ) {}

  async issue({ account, client, scopes, lifetimeSeconds, jkt }: AccessTokenRequest): Promise<string> {
    const key = this.keySet.current;
    const now = Math.floor(Date.now() / 1000);
    const kind = account.kind === 'bot' ? 'bot' : 'user';
    const cnf = jkt === undefined ? {} : { cnf: { jkt } };
    return new SignJWT({ client_id: client, scope: scopes.join(' '), ...facetClaims({ kind, roles: [account.role], scopes }), ...cnf })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid })
      .setIssuer(this.issuer)
      .setSubject(account.id)
      .setAudience(audienceOf(client))
      .setIssuedAt(issuedAt(now, account.tokens_not_before))
      .setExpirationTime(now + lifetimeSeconds)
      .setJti(randomUUID())
      .sign(await importJWK(key));
  }
}
