import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose';

/** An issuer whose keys, answers and failures a test decides. */
export class TestIssuer {
  readonly #keys = new Map<string, { jwk: JWK; privateKey: CryptoKey }>();
  readonly #server = createServer((request, response) => {
    this.requests[request.url!] = (this.requests[request.url!] ?? 0) + 1;
    if (this.broken) response.writeHead(500).end();
    else
      response.end(JSON.stringify(request.url === '/jwks' ? { keys: [...this.#keys.values()].map(({ jwk }) => jwk) } : this.#metadata()));
  });
  requests: Record<string, number> = {};
  broken = false;
  url = '';

  static async start(): Promise<TestIssuer> {
    const issuer = new TestIssuer();
    await new Promise<void>((resolve) => issuer.#server.listen(0, '127.0.0.1', resolve));
    issuer.url = `http://127.0.0.1:${(issuer.#server.address() as AddressInfo).port}`;
    await issuer.addKey('k1');
    return issuer;
  }

  async addKey(kid: string, alg = 'ES256'): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    this.#keys.set(kid, { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } });
  }

  withdrawKey(kid: string): void {
    this.#keys.delete(kid);
  }

  publicKey(kid: string): JWK {
    return this.#keys.get(kid)!.jwk;
  }

  /** A good access token for mobile-bff, but for what is given. */
  token(claims: object = {}, header: object = {}, signedBy = 'k1'): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const good = { iss: this.url, aud: 'mobile-bff', sub: 'alice', client_id: 'mobile-app', iat: now, exp: now + 300, jti: 'j1' };
    return new SignJWT({ ...good, scope: 'read:rooms', roles: ['admin'], kind: 'user', ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1', ...header })
      .sign(this.#keys.get(signedBy)!.privateKey);
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #metadata() {
    return { issuer: this.url, jwks_uri: `${this.url}/jwks` };
  }
}
