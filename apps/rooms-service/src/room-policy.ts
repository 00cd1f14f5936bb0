import { authorize, type RuleName, type Seat } from '@facet/auth';
import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import type { SeenRoom } from './store/tables.js';

/** The room, for a caller whom the rule allows it; `userId` is whom it is about. A room that is not there, or not for the caller to see, is not found. */
export function allowedRoom(room: SeenRoom | undefined, caller: Caller, rule: RuleName, userId?: string): SeenRoom {
  authorize(caller, rule, { room: room && seatIn(room), userId });
  return room!;
}

/** Who is in a direct room never changes. */
export function requireChangingMembers({ type }: SeenRoom): void {
  if (type !== 'direct') return;
  throw new ProblemError('conflict', { detail: 'The members of a direct room never change.' });
}

function seatIn({ type, viewer_role }: SeenRoom): Seat {
  return { type, role: viewer_role };
}
