import { hkdfSync } from 'node:crypto';
import type { Caller } from '@facet/context';
import { z } from 'zod';
import { newCaller } from './new-caller.js';

/** What an internal token is, for who makes it and who reads it. */
export const internalToken = { typ: 'facet-internal+jwt', alg: 'HS256', lifetimeSeconds: 60 } as const;

const Claims = z.object({
  sub: z.string().min(1),
  kind: z.enum(['user', 'bot', 'service']),
  client_id: z.string().min(1),
  scope: z.string(),
  roles: z.array(z.string()),
  sid: z.string().optional(),
  key: z.string().optional(),
  acr: z.string().optional(),
  amr: z.array(z.string()).optional(),
  auth_time: z.number().optional(),
  /** When the caller's own credential was issued: `iat` is the internal token's. */
  issued_at: z.number().optional(),
});

/**
 * deriveInternalKey: the key that the owner of `rootKey` shares with one service and nobody else, 32 bytes by HKDF-SHA256 (RFC 5869). The service is
 * given this key, never the root.
 */
export function deriveInternalKey(rootKey: Uint8Array, service: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', rootKey, new Uint8Array(), `facet-internal:${service}`, 32));
}

/** The caller as claims. */
export function claimsOf({ subject, kind, client, scopes, roles, session, key, assurance, issuedAt }: Caller): z.infer<typeof Claims> {
  return {
    sub: subject,
    kind,
    client_id: client,
    scope: scopes.join(' '),
    roles: [...roles],
    ...(session !== undefined && { sid: session }),
    ...(key !== undefined && { key }),
    ...(assurance && { acr: assurance.acr, amr: [...assurance.amr], auth_time: assurance.authenticatedAt }),
    ...(issuedAt !== undefined && { issued_at: issuedAt }),
  };
}

/** The caller that verified claims speak of; throws where one is missing. */
export function callerOf(payload: unknown): Caller {
  const { sub, kind, client_id, scope, roles, sid, key, acr, amr = [], auth_time, issued_at } = Claims.parse(payload);
  return newCaller({
    ...{ subject: sub, kind, client: client_id, scopes: scope.split(' ').filter(Boolean), roles },
    ...(sid !== undefined && { session: sid }),
    ...(key !== undefined && { key }),
    ...(acr !== undefined && auth_time !== undefined && { assurance: { acr, amr, authenticatedAt: auth_time } }),
    ...(issued_at !== undefined && { issuedAt: issued_at }),
  });
}
