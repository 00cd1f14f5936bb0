import type { Caller } from '@facet/context';

/** Verified: an access token that was accepted. */
export interface Verified {
  readonly caller: Caller;
  /** The key of the issuer that signed it. */
  readonly kid: string;
  /** The token's own id. */
  readonly jti: string;
  /** When it ends, in milliseconds of the epoch. */
  readonly expiresAt: number;
  /** To which key of the client it is bound (`cnf`, RFC 7800); without it, it is a plain bearer token. */
  readonly confirmation?: { readonly jkt?: string | undefined; readonly 'x5t#S256'?: string | undefined };
}

const tokenIds = new WeakMap<Caller, string>();

/** Notes by which token this very Caller object came to be known. */
export function noteTokenId(caller: Caller, jti: string): void {
  tokenIds.set(caller, jti);
}

/** The `jti` of the access token that this very Caller object was read from; nothing of it travels to services. */
export function tokenIdOf(caller: Caller): string | undefined {
  return tokenIds.get(caller);
}
