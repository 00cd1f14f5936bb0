import { ProblemError } from '@facet/errors';
import { AuthorizationResponseError } from 'openid-client';
import { sessionIdOf, setSessionCookie } from './cookies.js';
import { answeredError, issuerAway } from './issuer-client.js';
import type { SignIn } from './sign-ins.js';
import type { Web } from './web.js';

export interface Landing {
  readonly target: string;
  readonly cookies: string[];
}

/**
 * Takes the code that the issuer sent the browser back with, if this browser asked for it, and begins a session with a new id. What was here before has
 * ended. The sign-in's cookie goes with its first use; while the issuer is away it stays, so that loading the page again completes it.
 */
export async function completeLogIn(web: Web, requestUrl: string, cookie: string | undefined): Promise<Landing> {
  const { sessions, signIns, publicUrl } = web;
  const callback = new URL(requestUrl, publicUrl);
  const state = callback.searchParams.get('state') ?? '';
  const signIn = signIns.find(state, cookie);
  if (!signIn) throw notOurs();

  const tokens = await exchange(web, callback, state, signIn);
  const id = await sessions.begin(tokens);

  const before = [signIn.previous, sessionIdOf(cookie)].filter((each) => each !== undefined);
  await Promise.all([...new Set(before)].map((each) => sessions.end(each)));
  return { target: signIn.target, cookies: [setSessionCookie(id), signIns.end(state)] };
}

async function exchange({ issuer, signIns }: Web, callback: URL, expectedState: string, { nonce, verifier }: SignIn) {
  try {
    return await issuer.exchange(callback, { expectedState, expectedNonce: nonce, pkceCodeVerifier: verifier });
  } catch (failure) {
    const headers = { 'set-cookie': signIns.end(expectedState) };
    if (failure instanceof AuthorizationResponseError) {
      throw new ProblemError('forbidden', { detail: `The sign-in was not completed (${wordOf(failure.error)}).`, headers, cause: failure });
    }
    if (answeredError(failure) === 'invalid_grant' || isRefusal(failure)) {
      throw new ProblemError('invalid-request', {
        detail: 'The sign-in cannot be completed. Begin again at /bff/login.',
        headers,
        cause: failure,
      });
    }
    throw issuerAway(failure);
  }
}

/** What the issuer's answer carries is not what we asked for: another issuer, state, nonce, or a code that is none. */
function isRefusal(failure: unknown): boolean {
  const { code } = { ...(failure as { code?: unknown }) };
  return typeof code === 'string' && /^OAUTH_(INVALID_RESPONSE|JWT_CLAIM|JWT_TIMESTAMP|PARSE_ERROR|MISSING)/.test(code);
}

function notOurs(): ProblemError {
  const detail =
    'This browser has no such sign-in under way: it was completed, took too long, or began elsewhere. Begin again at /bff/login.';
  return new ProblemError('invalid-request', { detail });
}

function wordOf(error: string): string {
  return /^[a-z_]{1,50}$/.test(error) ? error : 'refused';
}
