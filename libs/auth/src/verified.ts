import type { Caller } from '@facet/context';

/** Verified: an access token that was accepted. */
export interface Verified {
  readonly caller: Caller;
  /** The key of the issuer that signed it. */
  readonly kid: string;
  /** When it ends, in milliseconds of the epoch. */
  readonly expiresAt: number;
  /** To which key of the client it is bound (`cnf`, RFC 7800); without it, it is a plain bearer token. */
  readonly confirmation?: { readonly jkt?: string | undefined; readonly 'x5t#S256'?: string | undefined };
}
