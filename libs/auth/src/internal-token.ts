import { hkdfSync } from 'node:crypto';
import type { Caller } from '@facet/context';
import { z } from 'zod';

/** What an internal token is, for who makes it and who reads it. */
export const internalToken = { typ: 'facet-internal+jwt', alg: 'HS256', lifetimeSeconds: 60 } as const;

const Claims = z.object({
  sub: z.string().min(1),
  kind: z.enum(['user', 'bot', 'service']),
  client_id: z.string().min(1),
  scope: z.string(),
  roles: z.array(z.string()),
  sid: z.string().optional(),
});

/**
 * deriveInternalKey: the key that the owner of `rootKey` shares with one service and nobody else, 32 bytes by HKDF-SHA256 (RFC 5869). The service is
 * given this key, never the root.
 */
export function deriveInternalKey(rootKey: Uint8Array, service: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', rootKey, new Uint8Array(), `facet-internal:${service}`, 32));
}

/** The caller as claims. */
export function claimsOf({ subject, kind, client, scopes, roles, session }: Caller): z.infer<typeof Claims> {
  return {
    sub: subject,
    kind,
    client_id: client,
    scope: scopes.join(' '),
    roles: [...roles],
    ...(session !== undefined && { sid: session }),
  };
}

/** The caller that verified claims speak of; throws where one is missing. */
export function callerOf(payload: unknown): Caller {
  const { sub, kind, client_id, scope, roles, sid } = Claims.parse(payload);
  const granted = { scopes: Object.freeze(scope.split(' ').filter(Boolean).sort()), roles: Object.freeze(roles) };
  return Object.freeze({ subject: sub, kind, client: client_id, ...granted, ...(sid !== undefined && { session: sid }) });
}
