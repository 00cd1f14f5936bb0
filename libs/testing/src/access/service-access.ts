import { newCaller, scopesOf } from '@facet/auth';
import { ProblemError } from '@facet/errors';
import { callerOf } from '../callers.js';

const scopes = scopesOf(['admin', 'user']);

/** RoleCaller: who asks a service: a role, with all scopes; an admin with none. */
export type RoleCaller = 'no scope' | 'guest' | 'user' | 'moderator' | 'admin';

/** roles: in the order of the page. */
export const roles: readonly RoleCaller[] = ['no scope', 'guest', 'user', 'moderator', 'admin'];

/** roleCallers: gina, carol, bob and alice of the demo world, with tokens that cover everything; and alice with one that covers nothing. */
export const roleCallers = {
  'no scope': newCaller({ ...callerOf('alice'), scopes: [] }),
  guest: newCaller({ ...callerOf('gina'), scopes }),
  user: newCaller({ ...callerOf('carol'), scopes }),
  moderator: newCaller({ ...callerOf('bob'), scopes }),
  admin: newCaller({ ...callerOf('alice'), scopes }),
} as const satisfies Record<RoleCaller, unknown>;

/** codeOf: what a call came to: `yes`, or the code of the problem. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  return await call.then(
    () => 'yes',
    (error: unknown) => {
      if (error instanceof ProblemError && error.status < 500) return error.code;
      throw error;
    },
  );
}
