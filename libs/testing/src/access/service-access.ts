import { newCaller, scopesOf } from '@facet/auth';
import { ProblemError } from '@facet/errors';
import type { Caller } from '@facet/context';
import { callerOf, contextOf } from '../callers.js';
import { importer } from '../start-service.js';

const scopes = scopesOf(['admin', 'user']);

/** RoleCaller: who asks a service: a role, with all scopes; an admin with none; the importer, for nobody. */
export type RoleCaller = 'no scope' | 'guest' | 'user' | 'moderator' | 'admin' | 'importer';

/** rpcCallers: in the order of the page. */
export const rpcCallers = ['anonymous', 'no scope', 'guest', 'user', 'moderator', 'admin', 'importer'] as const;

/** roleCallers: gina, carol, bob and alice of the demo world, with tokens that cover everything; and alice with one that covers nothing. */
export const roleCallers = {
  'no scope': newCaller({ ...callerOf('alice'), scopes: [] }),
  guest: newCaller({ ...callerOf('gina'), scopes }),
  user: newCaller({ ...callerOf('carol'), scopes }),
  moderator: newCaller({ ...callerOf('bob'), scopes }),
  admin: newCaller({ ...callerOf('alice'), scopes }),
  importer,
} as const satisfies Record<RoleCaller, Caller>;

/** roleContext: a request of theirs. */
export function roleContext(role: RoleCaller) {
  return contextOf(roleCallers[role], { timeoutMs: 20_000 });
}

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
