import { authorize, can, hasRole } from '@facet/auth';
import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import type { SeenRoom } from './store/tables.js';

/** How far a caller sees beyond public rooms: not at all, into the rooms they are in, or into every private room as well. */
export type Reach = 'public' | 'member' | 'admin';

export function reachOf(caller: Caller): Reach {
  if (hasRole(caller, 'admin')) return 'admin';
  return hasRole(caller, 'moderator') || hasRole(caller, 'user') ? 'member' : 'public';
}

/** For callers who may read rooms at all. */
export function canSee({ type, viewer_role }: Pick<SeenRoom, 'type' | 'viewer_role'>, caller: Caller): boolean {
  if (type === 'public') return true;
  const reach = reachOf(caller);
  if (viewer_role) return reach !== 'public';
  return type === 'private' && reach === 'admin';
}

/** Whoever may join rooms takes part in them; a guest changes nothing, whatever room it is. */
export function authorizeTakingPart(caller: Caller): void {
  authorize(caller, 'room:read');
  authorize(caller, 'room:join');
}

/** The admins of a room rule it as their role would let them rule any; `permission` is what others need instead. */
export function authorizeRuling(room: SeenRoom, caller: Caller, permission: 'room:update' | 'room:delete'): void {
  if (room.viewer_role === 'admin' || can(caller, permission)) return;
  throw new ProblemError('forbidden', { detail: 'You do not rule this room.' });
}

export function authorizeJoining(room: SeenRoom): void {
  if (room.type === 'public') return;
  throw new ProblemError('forbidden', { detail: 'Only a public room can be joined.' });
}

/** Who rules a public room adds to it, and so does everybody themselves: that is joining. */
export function authorizeAdding(room: SeenRoom, userId: string, caller: Caller): void {
  if (room.type === 'public' && userId === caller.subject) return;
  authorizeRuling(room, caller, 'room:update');
}

/** Who rules a room takes others out of it, and everybody themselves: that is leaving. */
export function authorizeRemoving(room: SeenRoom, userId: string, caller: Caller): void {
  if (userId === caller.subject) return;
  authorizeRuling(room, caller, 'room:delete');
}

/** Who is in a direct room never changes. */
export function requireChangingMembers({ type }: SeenRoom): void {
  if (type !== 'direct') return;
  throw new ProblemError('conflict', { detail: 'The members of a direct room never change.' });
}

export function noSuchRoom(): ProblemError {
  return new ProblemError('not-found', { detail: 'There is no such room.' });
}
