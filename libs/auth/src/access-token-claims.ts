import type { Caller } from '@facet/context';
import { z } from 'zod';
import { permissionsOf, scopeOf, type Permission } from './roles.js';

/** AccessTokenSubject: whom an access token speaks for, and what its client may do. */
export interface AccessTokenSubject {
  readonly kind: 'user' | 'bot';
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}

/** FacetClaims: our own claims of an access token, beside those of RFC 9068. */
export interface FacetClaims {
  readonly kind: 'user' | 'bot';
  readonly roles: readonly string[];
  readonly permissions: readonly Permission[];
}

/** facetClaims: our own claims of an access token. `permissions` are what the roles allow and the scopes cover. */
export function facetClaims({ kind, roles, scopes }: AccessTokenSubject): FacetClaims {
  return { kind, roles, permissions: permissionsOf(roles).filter((permission) => scopes.includes(scopeOf(permission))) };
}

const clockToleranceSeconds = 5;
const seconds = z.number().nonnegative();

/** RFC 9068 section 2.2; `iss` and `aud` were compared before. A token that is bound to a key (`cnf`) is no bearer token. */
const Claims = z.object({
  iss: z.string(),
  exp: seconds,
  iat: seconds.refine((issuedAt) => issuedAt <= Date.now() / 1000 + clockToleranceSeconds, 'is in the future'),
  jti: z.string().min(1),
  sub: z.string().min(1),
  client_id: z.string().min(1),
  scope: z.string().default(''),
  roles: z.array(z.string()).default([]),
  kind: z.enum(['user', 'bot']).default('user'),
  sid: z.string().optional(),
  cnf: z.never().optional(),
});

/** callerOfAccessToken: the caller that the claims of a verified access token speak of, and until when. Throws where they are not those of one. */
export function callerOfAccessToken(payload: unknown): { caller: Caller; expiresAt: number } {
  const { sub, kind, client_id, scope, roles, sid, exp } = Claims.parse(payload);
  const granted = { scopes: Object.freeze(scope.split(' ').filter(Boolean).sort()), roles: Object.freeze(roles) };
  const caller = { subject: sub, kind, client: client_id, ...granted, ...(sid !== undefined && { session: sid }) };
  return { caller: Object.freeze(caller), expiresAt: exp * 1000 };
}
