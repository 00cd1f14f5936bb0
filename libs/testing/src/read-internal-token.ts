import { newCaller } from '@facet/auth';
import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';

/** Whom an internal token speaks for. Its signature is not looked at: the services' own tests do that. */
export function readInternalToken(token: string | undefined): Caller {
  const [, payload] = token?.split('.') ?? [];
  if (payload === undefined) throw new ProblemError('unauthenticated', { detail: 'The call carries no internal token.' });
  const { sub, kind, client_id, scope, roles, sid } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
  return newCaller({
    subject: sub,
    kind,
    client: client_id,
    scopes: scope.split(' ').filter(Boolean),
    roles,
    ...(sid !== undefined && { session: sid }),
  });
}

interface Claims {
  readonly sub: string;
  readonly kind: Caller['kind'];
  readonly client_id: string;
  readonly scope: string;
  readonly roles: readonly string[];
  readonly sid?: string;
}
