import { isAllowed, type RuleName } from '@facet/auth';
import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import type { RoomAccess } from '@facet/memberships';
import type { Attachment } from './store/tables.js';

/** What no message has is seen by its owner alone; what one has, by whoever sees the room. */
export function isVisible({ owner_id, room_id }: Attachment, room: RoomAccess | undefined, caller: Caller, rule: RuleName): boolean {
  return isAllowed(caller, rule, room_id === null ? { userId: owner_id } : { room });
}

export function noSuchAttachment(): ProblemError {
  return new ProblemError('not-found', { detail: 'There is no such attachment.' });
}
