import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import { sessionIdOf } from './cookies.js';
import { logoutUrlOf } from './log-out.js';
import type { SignedIn } from './session.view.js';
import type { Web } from './web.js';

/** What a page may know of the session that it is in. */
export async function showUser({ sessions }: Web, caller: Caller, cookie: string | undefined): Promise<SignedIn> {
  const id = sessionIdOf(cookie);
  const session = id === undefined ? undefined : await sessions.find(id);
  if (id === undefined || !session) throw new ProblemError('unauthenticated', { detail: 'The session has ended.' });
  const { subject, roles, permissions, scopes, assurance } = caller;
  return {
    claims: {
      sub: subject,
      roles: [...roles],
      permissions: [...permissions],
      scopes: [...scopes],
      acr: assurance?.acr ?? null,
      amr: [...(assurance?.amr ?? [])],
      authTime: assurance ? new Date(assurance.authenticatedAt * 1_000).toISOString() : null,
    },
    expiresAt: new Date(session.endsAt).toISOString(),
    logoutUrl: logoutUrlOf(id),
  };
}
