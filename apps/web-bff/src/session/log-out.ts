import { hash, timingSafeEqual } from 'node:crypto';
import { ProblemError } from '@facet/errors';
import { clearSessionCookie, sessionIdOf } from './cookies.js';
import type { Leaving } from './log-in.js';
import type { Web } from './web.js';

/** What only the pages of a session know, and no other site can put into a link. It says nothing about the session's id. */
export function logoutSidOf(id: string): string {
  return hash('sha256', `logout ${id}`, 'base64url');
}

export function logoutUrlOf(id: string): string {
  return `/bff/logout?sid=${logoutSidOf(id)}`;
}

/** Ends the session here first, whatever becomes of the rest: then its refresh token, and at last, by way of the browser, the issuer's own session. */
export async function logOut(
  { issuer, sessions, publicUrl, report }: Web,
  sid: string | undefined,
  cookie: string | undefined,
): Promise<Leaving> {
  const id = sessionIdOf(cookie);
  if (id === undefined) return { location: new URL('/', publicUrl).href, cookies: [] };
  if (!isSame(sid ?? '', logoutSidOf(id))) throw new ProblemError('csrf', { detail: 'Sign out by the logoutUrl that /bff/user gives.' });

  const session = await sessions.end(id);
  const cookies = [clearSessionCookie()];
  if (!session) return { location: new URL('/', publicUrl).href, cookies };
  try {
    if (session.refreshToken !== undefined) await issuer.revoke(session.refreshToken);
    return { location: await issuer.endSessionUrl(session.idToken), cookies };
  } catch (failure) {
    report(failure, 'The issuer was not told that somebody signed out');
    return { location: new URL('/', publicUrl).href, cookies };
  }
}

function isSame(given: string, expected: string): boolean {
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}
