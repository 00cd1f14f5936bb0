import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import { canSee, type RoomAccess } from '@facet/memberships';

/** What one may not see is not there. */
export function requireVisible(room: RoomAccess | undefined, caller: Caller): RoomAccess {
  if (!canSee(room, caller)) throw new ProblemError('not-found', { detail: 'There is no such room.' });
  return room;
}
