import { ProblemError } from '@facet/errors';
import { createRemoteJWKSet, customFetch as joseFetch, jwtVerify, type JWTPayload } from 'jose';
import * as openid from 'openid-client';
import { allowedFetch } from './allowed-fetch.js';

export const clientId = 'web-app';

const timeoutSeconds = 3;
const retryMs = 1_000;

/** What our client is known by: the issuer's name, our own address, and the key (a private JWK) by which we prove who we are. */
export interface IssuerOptions {
  readonly issuer: string;
  readonly publicUrl: string;
  readonly clientKey: Readonly<Record<string, unknown>>;
}

export type Tokens = Awaited<ReturnType<typeof openid.refreshTokenGrant>>;

interface Known {
  readonly config: openid.Configuration;
  readonly keys: ReturnType<typeof createRemoteJWKSet>;
}

/**
 * The issuer, as its confidential client sees it (openid-client). It is discovered when first needed, so that web-bff starts without it; every call has a
 * deadline and goes to the issuer's own host. While it is away, what needs it is `dependency-unavailable`.
 */
export class IssuerClient {
  readonly #options: IssuerOptions;
  #known: Promise<Known> | undefined;
  #mayAskAt = 0;

  constructor(options: IssuerOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.issuer;
  }

  get redirectUri(): string {
    return new URL('/bff/callback', this.#options.publicUrl).href;
  }

  async authorizationUrl(parameters: Record<string, string>): Promise<URL> {
    const { config } = await this.#discovered();
    return openid.buildAuthorizationUrl(config, { redirect_uri: this.redirectUri, ...parameters });
  }

  /** The tokens for a code. Everything that the callback carries is checked before, the ID token after, its signature included. */
  async exchange(callback: URL, checks: openid.AuthorizationCodeGrantChecks): Promise<Tokens> {
    const { config } = await this.#discovered();
    return openid.authorizationCodeGrant(config, callback, { ...checks, idTokenExpected: true });
  }

  async refresh(refreshToken: string): Promise<Tokens> {
    const { config } = await this.#discovered();
    return openid.refreshTokenGrant(config, refreshToken);
  }

  async revoke(refreshToken: string): Promise<void> {
    const { config } = await this.#discovered();
    await openid.tokenRevocation(config, refreshToken, { token_type_hint: 'refresh_token' });
  }

  /** Where people sign out of the issuer as well, and come back from. */
  async endSessionUrl(idToken: string): Promise<string> {
    const { config } = await this.#discovered();
    const post_logout_redirect_uri = new URL('/', this.#options.publicUrl).href;
    return openid.buildEndSessionUrl(config, { id_token_hint: idToken, post_logout_redirect_uri }).href;
  }

  /** The claims of a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.6, steps 2 to 4). Throws where it is not one of this issuer for us. */
  async logoutClaims(token: string): Promise<JWTPayload> {
    const { keys } = await this.#discovered();
    const { issuer } = this.#options;
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: clientId,
      typ: 'logout+jwt',
      algorithms: ['ES256', 'RS256'],
      requiredClaims: ['iat', 'exp', 'jti'],
      clockTolerance: 5,
    });
    return payload;
  }

  async #discovered(): Promise<Known> {
    if (!this.#known && Date.now() < this.#mayAskAt) throw issuerAway(new Error('It was away a moment ago'));
    this.#known ??= this.#discover();
    try {
      return await this.#known;
    } catch (cause) {
      this.#known = undefined;
      this.#mayAskAt = Date.now() + retryMs;
      throw issuerAway(cause);
    }
  }

  async #discover(): Promise<Known> {
    const { issuer, clientKey } = this.#options;
    const fetchAllowed = allowedFetch(new URL(issuer).origin);
    const jwk = clientKey as JsonWebKey & { kid?: string };
    const key = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
    const proof = openid.PrivateKeyJwt({ key, ...(jwk.kid !== undefined && { kid: jwk.kid }) });
    const insecure = issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [];
    const metadata = { id_token_signed_response_alg: 'ES256' };
    const config = await openid.discovery(new URL(issuer), clientId, metadata, proof, {
      execute: [...insecure, openid.enableNonRepudiationChecks],
      timeout: timeoutSeconds,
      [openid.customFetch]: fetchAllowed,
    });
    const { jwks_uri } = config.serverMetadata();
    const keys = createRemoteJWKSet(new URL(jwks_uri!), { timeoutDuration: timeoutSeconds * 1_000, [joseFetch]: fetchAllowed as never });
    return { config, keys };
  }
}

/** Nobody can say who somebody is while the issuer is away; that is no reason to call them unknown. */
export function issuerAway(cause: unknown): ProblemError {
  if (cause instanceof ProblemError) return cause;
  return new ProblemError('dependency-unavailable', { retryAfterSeconds: 1, cause });
}

/** The error that the issuer gave as its answer (RFC 6749, section 5.2), if it gave one. */
export function answeredError(failure: unknown): string | undefined {
  if (failure instanceof openid.ResponseBodyError && failure.status < 500) return failure.error;
  return undefined;
}
