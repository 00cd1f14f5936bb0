import { authorize, can, hasRole } from '@facet/auth';
import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';

/** How much of a profile somebody sees: all of it, all but the e-mail address, or what stands beside a message. */
export type View = 'whole' | 'public' | 'byline';

/** One's own profile always; those of others by role. Who may read messages may know who wrote them. */
export function viewOf(caller: Caller, userId: string): View {
  if (isOwn(caller, userId)) return 'whole';
  if (can(caller, 'user:read')) return hasRole(caller, 'admin') ? 'whole' : 'public';
  if (can(caller, 'message:read')) return 'byline';
  authorize(caller, 'user:read');
  return 'public';
}

export function authorizeUpdate(caller: Caller, userId: string): void {
  authorize(caller, 'user:update');
  if (isOwn(caller, userId) || hasRole(caller, 'admin')) return;
  throw new ProblemError('forbidden', { detail: 'This is the profile of somebody else.' });
}

function isOwn(caller: Caller, userId: string): boolean {
  return caller.kind !== 'service' && caller.subject === userId;
}
