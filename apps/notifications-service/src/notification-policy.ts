import { hasRole } from '@facet/auth';
import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import { canSee, type RoomAccess } from '@facet/memberships';

/** What one may not see is not there. */
export function requireVisible(room: RoomAccess | undefined, caller: Caller): RoomAccess {
  if (!canSee(room, caller)) throw new ProblemError('not-found', { detail: 'There is no such room.' });
  return room;
}

/** How much somebody has not read is their own business, and that of admins. */
export function requireCountable(userId: string, caller: Caller): void {
  if (userId === caller.subject || hasRole(caller, 'admin')) return;
  throw new ProblemError('forbidden', { detail: 'The unread count of somebody else is for admins.' });
}
