import type { Assurance } from '@facet/context';
import { z } from 'zod';
import { newCaller } from './new-caller.js';
import { permissionsOf, scopeOf, type Permission } from './roles.js';
import type { Verified } from './verified.js';

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

/** What a token may be bound to. One that is bound to something else is nobody's. */
const Confirmation = z
  .strictObject({ jkt: z.string().min(1).optional(), 'x5t#S256': z.string().min(1).optional() })
  .refine((members) => Object.keys(members).length > 0, 'names no key');

/** RFC 9068 section 2.2; `iss` and `aud` were compared before. */
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
  acr: z.string().optional(),
  amr: z.array(z.string()).default([]),
  auth_time: seconds.optional(),
  cnf: Confirmation.optional(),
});
type Claims = z.infer<typeof Claims>;

/** verifiedOf: what the claims of a token say, whose signature, issuer and audience are right. Throws where they are not those of an access token. */
export function verifiedOf(payload: unknown, kid: string): Verified {
  const claims = Claims.parse(payload);
  const { sub, kind, client_id, scope, roles, sid, exp, iat, jti, cnf } = claims;
  const assurance = assuranceOf(claims);
  const caller = newCaller({
    ...{ subject: sub, kind, client: client_id, scopes: scope.split(' ').filter(Boolean), roles, token: jti, issuedAt: iat },
    ...(assurance && { assurance }),
    ...(sid !== undefined && { session: sid }),
  });
  return Object.freeze({ caller, kid, expiresAt: exp * 1000, ...(cnf && { confirmation: cnf }) });
}

function assuranceOf({ acr, amr, auth_time }: Claims): Assurance | undefined {
  return acr === undefined || auth_time === undefined ? undefined : { acr, amr, authenticatedAt: auth_time };
}
