import { audienceOf, facetClaims, scopesOf } from '@facet/auth';
import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const lifetimeSeconds = 7_200;
const kid = 'bench';
const header = encode({ alg: 'ES256', typ: 'at+jwt', kid });

/** An issuer of access tokens (RFC 9068) with discovery and an ES256 key of its own, whose tokens have the claims of identity-provider's. */
export class Issuer {
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
      if (request.url === '/.well-known/openid-configuration') response.end(JSON.stringify({ issuer: url, jwks_uri: `${url}/jwks` }));
      else if (request.url === '/jwks') response.end(JSON.stringify({ keys: [jwk] }));
      else response.writeHead(404).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return new Issuer(url, publicKey, privateKey, server);
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
    const content = `${header}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(content), { key: this.privateKey, dsaEncoding: 'ieee-p1363' });
    return `${content}.${signature.toString('base64url')}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
