import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { invalidProof } from './dpop-refusals.js';

/** dpopAlgorithms: what a proof may be signed with. All are asymmetric, with signatures of 64 bytes, and cheap to check. */
export const dpopAlgorithms = ['ES256', 'Ed25519', 'EdDSA'] as const;

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const secret = z.never().optional();
const secrets = { d: secret, k: secret, p: secret, q: secret, dp: secret, dq: secret, qi: secret, oth: secret, priv: secret };
const type = { typ: z.literal('dpop+jwt'), crit: z.never().optional() };

/** The header of a proof (RFC 9449, section 4.2). Nothing of its `jwk` counts but the public key. */
const Header = z.union([
  z.object({
    ...type,
    alg: z.literal('ES256'),
    jwk: z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate, ...secrets }),
  }),
  z.object({
    ...type,
    alg: z.enum(['Ed25519', 'EdDSA']),
    jwk: z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: coordinate, ...secrets }),
  }),
]);
type Jwk = z.infer<typeof Header>['jwk'];

/** The public key that the header of a proof carries. */
export class DpopKey {
  /** RFC 7638, with SHA-256: what `cnf.jkt` of a token names. */
  readonly thumbprint: string;
  readonly #jwk: Jwk;
  #key: KeyObject | undefined;

  private constructor(jwk: Jwk) {
    this.#jwk = jwk;
    this.thumbprint = hash('sha256', JSON.stringify(publicMembers(jwk)), 'base64url');
  }

  /** Throws where the header is not that of a proof, or its key none that we take. */
  static of(header: unknown): DpopKey {
    const { data } = Header.safeParse(header);
    if (!data) throw invalidProof(`Its header must have typ dpop+jwt, alg ${dpopAlgorithms.join(' or ')}, and the public key as jwk.`);
    return new DpopKey(data.jwk);
  }

  /** At once: half of what the same costs by way of the thread pool. Making the key is as dear as using it, so it waits until it is needed. */
  hasSigned(text: string, signature: Buffer): boolean {
    const { kty } = this.#jwk;
    try {
      const key = (this.#key ??= createPublicKey({ key: publicMembers(this.#jwk), format: 'jwk' }));
      const bytes = Buffer.from(text);
      return kty === 'EC' ? verify('sha256', bytes, key, derOf(signature)) : verify(null, bytes, key, signature);
    } catch {
      // Coordinates of no point on the curve.
      return false;
    }
  }
}

/**
 * The two numbers of 32 bytes of a signature (RFC 7518, section 3.4) as DER (RFC 3279, section 2.2.3). Node would take them as they are, but only in an object
 * beside the key, and tells that from a key by two exceptions, which cost half as much as the check.
 */
function derOf(signature: Buffer): Buffer {
  const numbers = Buffer.concat([integerOf(signature.subarray(0, 32)), integerOf(signature.subarray(32))]);
  return Buffer.concat([Buffer.from([0x30, numbers.length]), numbers]);
}

/** Positive, in as few bytes as can be. */
function integerOf(bytes: Buffer): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const significant = bytes.subarray(start);
  const padding = significant[0]! > 0x7f ? [0] : [];
  return Buffer.concat([Buffer.from([0x02, significant.length + padding.length, ...padding]), significant]);
}

/** In the order of RFC 7638, section 3.2. */
function publicMembers(jwk: Jwk) {
  const { kty, crv, x } = jwk;
  return jwk.kty === 'EC' ? { crv, kty, x, y: jwk.y } : { crv, kty, x };
}
