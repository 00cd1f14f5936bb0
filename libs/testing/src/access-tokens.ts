import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { audienceOf, facetClaims } from '@facet/auth';
import type { Caller } from '@facet/context';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { callerOf, type TestUser } from './callers.js';

/** TokenRequest: whom a token is for. Scopes are all that the role allows unless told; other claims as given. */
export interface TokenRequest {
  readonly user: TestUser | Partial<Caller>;
  /** `mobile-app`, `web-app`, or a partner such as `demo-partner`; decides the audience. */
  readonly client: string;
  /** Space-separated, as in `/dev/token`. */
  readonly scope?: string;
  readonly lifetimeSeconds?: number;
  /** Claims that differ, for tokens that are to be refused. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** TestIssuer: an identity provider for tests of BFFs, on a port of its own. */
export interface TestIssuer {
  /** ISSUER_URL of the application under test. */
  readonly issuer: string;
  issue(request: TokenRequest): Promise<string>;
  /** Signs claims of any kind as the issuer; `typ` is that of the header. */
  sign(claims: Readonly<Record<string, unknown>>, typ: string): Promise<string>;
  /** Stops listening, as an issuer that is away. */
  stop(): Promise<void>;
}

/** IssuerExtras: what an issuer knows beside its keys. */
export interface IssuerExtras {
  /** Members of its metadata, given its name. */
  readonly metadata?: (issuer: string) => Readonly<Record<string, unknown>>;
  /** Answers a request, and says so. */
  readonly handle?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** startIssuer: an issuer with discovery and an ES256 key, whose access tokens (RFC 9068) have the claims of identity-provider's. */
export async function startIssuer({ metadata = () => ({}), handle = () => false }: IssuerExtras = {}): Promise<TestIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' };
  const server = createServer((request, response) => {
    if (handle(request, response)) return;
    response.setHeader('content-type', 'application/json');
    const known = { issuer, jwks_uri: `${issuer}/jwks`, ...metadata(issuer) };
    if (request.url === '/.well-known/openid-configuration') response.end(JSON.stringify(known));
    else if (request.url === '/jwks') response.end(JSON.stringify({ keys: [jwk] }));
    else response.writeHead(404).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const sign: TestIssuer['sign'] = (claims, typ) =>
    new SignJWT({ iss: issuer, ...claims }).setProtectedHeader({ alg: 'ES256', typ, kid: 'test' }).sign(privateKey);
  return {
    issuer,
    sign,
    issue: (request) => {
      const now = Math.floor(Date.now() / 1000);
      return sign({ iat: now, exp: now + (request.lifetimeSeconds ?? 3_600), ...claimsOf(request) }, 'at+jwt');
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function claimsOf({ user, client, scope, claims }: TokenRequest): Record<string, unknown> {
  const caller = callerOf(user);
  const scopes = scope === undefined ? caller.scopes : scope.split(' ');
  return {
    aud: audienceOf(client),
    sub: caller.subject,
    client_id: client,
    jti: randomUUID(),
    scope: scopes.join(' '),
    ...facetClaims({ kind: caller.kind === 'bot' ? 'bot' : 'user', roles: caller.roles, scopes }),
    ...(caller.session !== undefined && { sid: caller.session }),
    ...claims,
  };
}
