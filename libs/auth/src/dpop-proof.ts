import { hash } from 'node:crypto';
import { z } from 'zod';
import { DpopKey } from './dpop-key.js';
import { invalidProof } from './dpop-refusals.js';

const compact = /^[\w-]+\.[\w-]+\.[\w-]{86}$/;
const longest = 4_096;

const Claims = z.object({
  jti: z.string().min(1).max(256),
  htm: z.string(),
  htu: z.string().max(2_048),
  iat: z.number(),
  ath: z.string().optional(),
  nonce: z.string().optional(),
});

/** ProofRequest: the request that a proof must be for. */
export interface ProofRequest {
  readonly method: string;
  /** The address as clients know it, without query: never what a request's own `Host` says. */
  readonly uri: string;
  /** Milliseconds of the epoch. */
  readonly now: number;
}

/** proofWindowSeconds: how far the time of a proof (`iat`) may be from ours, before and after. */
export const proofWindowSeconds = 60;

/** DpopProof: what a `DPoP` header says, as RFC 9449 has it, before anybody has looked at its signature. */
export class DpopProof {
  private constructor(
    /** The header as it stands on the wire: the same for all proofs of one client. */
    readonly head: string,
    readonly claims: z.infer<typeof Claims>,
    private readonly signed: string,
    private readonly signature: string,
  ) {}

  /** Reads the one proof of a request. Several headers of that name arrive joined by commas, and so are none. */
  static read(header: string | readonly string[] | undefined): DpopProof {
    if (header === undefined) throw invalidProof('There is none.');
    if (typeof header !== 'string' || header.length > longest || !compact.test(header))
      throw invalidProof('There must be one, and it must be a signed JWT.');
    const [headEnd, bodyEnd] = [header.indexOf('.'), header.lastIndexOf('.')];
    const { data } = Claims.safeParse(jsonOf(header.slice(headEnd + 1, bodyEnd)));
    if (!data) throw invalidProof('It must have jti, htm, htu and iat.');
    return new DpopProof(header.slice(0, headEnd), data, header.slice(0, bodyEnd), header.slice(bodyEnd + 1));
  }

  /** Its key, which costs a hash. */
  key(): DpopKey {
    return DpopKey.of(jsonOf(this.head));
  }

  /** Throws unless it is for this request and of this moment. */
  requireFor({ method, uri, now }: ProofRequest): void {
    const { htm, htu, iat } = this.claims;
    if (htm !== method) throw invalidProof('Its htm names another method.');
    if (!isAddress(htu, uri)) throw invalidProof('Its htu names another address.');
    if (Math.abs(now / 1_000 - iat) > proofWindowSeconds) throw invalidProof('Its iat is too far from the time of this server.');
  }

  /** Throws unless it was made for this token. */
  requireToken(token: string): void {
    if (this.claims.ath !== hash('sha256', token, 'base64url')) throw invalidProof('Its ath is not that of the token.');
  }

  /** Throws unless this key made it. */
  requireSignature(key: DpopKey): void {
    if (!key.hasSigned(this.signed, Buffer.from(this.signature, 'base64url'))) throw invalidProof('Its signature is not that of its key.');
  }
}

/**
 * keyShown: the thumbprint of the key that a proof for this request shows. Nothing is remembered, no nonce is asked for: for who hands out tokens that are
 * bound to a key, in development.
 */
export function keyShown(header: string | readonly string[] | undefined, request: ProofRequest): string {
  const proof = DpopProof.read(header);
  proof.requireFor(request);
  const key = proof.key();
  proof.requireSignature(key);
  return key.thumbprint;
}

/** Query and fragment do not count (RFC 9449, section 4.3), nor does another spelling of the same address. */
function isAddress(htu: string, uri: string): boolean {
  if (htu === uri) return true;
  if (!URL.canParse(htu)) return false;
  const url = new URL(htu);
  url.search = '';
  url.hash = '';
  return url.href === uri;
}

function jsonOf(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}
