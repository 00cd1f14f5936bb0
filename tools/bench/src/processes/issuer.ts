import { audienceOf, facetClaims, scopesOf } from '@facet/auth';
import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

const lifetimeSeconds = 7_200;
const kid = 'bench';
const headers = { 'at+jwt': encode({ alg: 'ES256', typ: 'at+jwt', kid }), JWT: encode({ alg: 'ES256', typ: 'JWT', kid }) };

/**
 * An issuer of access tokens (RFC 9068) with discovery and an ES256 key of its own, whose tokens have the claims of identity-provider's. Whoever is sent to it
 * is signed in as whom we say.
 */
export class Issuer {
  readonly #signingIn = new Map<string, { readonly subject: string; readonly nonce: string | null }>();

  private constructor(
    readonly url: string,
    /** For who checks its signatures without us. */
    readonly publicKey: KeyObject,
    private readonly privateKey: KeyObject,
    private readonly server: Server,
  ) {}

  static async start(): Promise<Issuer> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' };
    const server = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      if (request.url === '/.well-known/openid-configuration') response.end(JSON.stringify(metadataOf(url)));
      else if (request.url === '/jwks') response.end(JSON.stringify({ keys: [jwk] }));
      else if (request.url === '/token')
        void text(request).then((form) => response.end(JSON.stringify(issuer.#tokensFor(new URLSearchParams(form)))));
      else response.writeHead(404).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const issuer = new Issuer(url, publicKey, privateKey, server);
    return issuer;
  }

  /** A token of a user of this client, with all that a user may do. */
  issue(subject: string, client: string): string {
    const now = Math.floor(Date.now() / 1_000);
    const scopes = scopesOf(['user']);
    const claims = {
      iss: this.url,
      aud: audienceOf(client),
      sub: subject,
      client_id: client,
      iat: now,
      exp: now + lifetimeSeconds,
      jti: randomUUID(),
      sid: randomUUID(),
      scope: scopes.join(' '),
      ...facetClaims({ kind: 'user', roles: ['user'], scopes }),
    };
    return this.#sign(claims, 'at+jwt');
  }

  /** Where the browser of this person is sent back to, which web-bff sent here. */
  signIn(authorizationUrl: string, subject: string): string {
    const { searchParams: asked } = new URL(authorizationUrl);
    const code = randomUUID();
    this.#signingIn.set(code, { subject, nonce: asked.get('nonce') });
    return `${asked.get('redirect_uri')}?${new URLSearchParams({ code, state: asked.get('state')! })}`;
  }

  #tokensFor(form: URLSearchParams) {
    const code = form.get('code')!;
    const { subject, nonce } = this.#signingIn.get(code)!;
    this.#signingIn.delete(code);
    const now = Math.floor(Date.now() / 1_000);
    const claims = { iss: this.url, aud: 'web-app', sub: subject, iat: now, exp: now + lifetimeSeconds, nonce };
    return {
      access_token: this.issue(subject, 'web-app'),
      token_type: 'Bearer',
      expires_in: lifetimeSeconds,
      id_token: this.#sign(claims, 'JWT'),
    };
  }

  #sign(claims: object, type: keyof typeof headers): string {
    const content = `${headers[type]}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(content), { key: this.privateKey, dsaEncoding: 'ieee-p1363' });
    return `${content}.${signature.toString('base64url')}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

function metadataOf(issuer: string) {
  return { issuer, jwks_uri: `${issuer}/jwks`, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
