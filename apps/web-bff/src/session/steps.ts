import type { AuthenticationStep } from '@facet/auth';
import { ProblemError } from '@facet/errors';
import { sessionIdOf } from './cookies.js';
import type { Session, Sessions } from './sessions.js';

type Attempt = Parameters<AuthenticationStep['run']>[0];

/** An API call never leads anywhere: it says who is missing, and the page decides. */
function nobody(detail: string): ProblemError {
  return new ProblemError('unauthenticated', { detail, headers: { 'www-authenticate': 'Cookie realm="facet"' } });
}

const cookieOf = ({ request }: Attempt) => {
  const { cookie } = request.headers;
  return typeof cookie === 'string' ? sessionIdOf(cookie) : undefined;
};

/** The only credential there is here: tokens do not belong into browsers. */
export const requireSessionCookie: AuthenticationStep = {
  name: 'require the session cookie',
  run(attempt) {
    if (cookieOf(attempt) === undefined) throw nobody('Nobody is signed in. A page sends people to /bff/login.');
  },
};

/** Cookies come along from anywhere; this header only from where we say so (a page of another site would have to ask first, and we never allow it). */
export const requireCsrfHeader: AuthenticationStep = {
  name: 'require x-csrf',
  run({ request }) {
    if (request.headers['x-csrf'] !== '1') throw new ProblemError('csrf', { detail: 'Send the header x-csrf: 1.' });
  },
};

/** The session's access token becomes the credential; where it is about to end it is replaced first. */
export function findSession(sessions: Sessions): AuthenticationStep {
  const use = (attempt: Attempt, session: Session | undefined) => {
    if (!session) throw nobody('The session has ended.');
    attempt.credential = { scheme: 'bearer', text: session.record.accessToken };
  };
  return {
    name: 'find the session',
    run(attempt) {
      const found = sessions.find(cookieOf(attempt)!);
      if (!(found instanceof Promise)) return use(attempt, found);
      return found.then((session) => use(attempt, session));
    },
  };
}
