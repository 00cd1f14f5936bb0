import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';

/** A client with a key, who makes proofs: good ones, but for what is given. */
export class Phone {
  private constructor(
    readonly alg: string,
    private readonly privateKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'],
    readonly jwk: JWK,
    readonly privateJwk: JWK,
    readonly thumbprint: string,
  ) {}

  static async withKey(alg = 'ES256'): Promise<Phone> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const jwk = await exportJWK(publicKey);
    return new Phone(alg, privateKey, jwk, await exportJWK(privateKey), await calculateJwkThumbprint(jwk));
  }

  /** `undefined` leaves a claim or a member of the header out. */
  prove(token: string, now: number, claims: object = {}, header: object = {}): Promise<string> {
    const ath = createHash('sha256').update(token).digest('base64url');
    const good = { jti: randomUUID(), htm: 'GET', htu: 'https://mobile.test/v1/home', iat: Math.floor(now / 1_000), ath };
    return new SignJWT({ ...good, ...claims })
      .setProtectedHeader({ alg: this.alg, typ: 'dpop+jwt', jwk: this.jwk, ...header })
      .sign(this.privateKey);
  }
}
