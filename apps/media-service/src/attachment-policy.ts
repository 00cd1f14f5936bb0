import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import { canSee, type RoomAccess } from '@facet/memberships';
import type { Attachment } from './store/tables.js';

/** What no message has is seen by its owner alone; what one has, by whoever sees the room. A service sees nothing. */
export function isVisible({ owner_id, room_id }: Attachment, room: RoomAccess | undefined, caller: Caller): boolean {
  return room_id === null ? caller.kind !== 'service' && owner_id === caller.subject : canSee(room, caller);
}

export function noSuchAttachment(): ProblemError {
  return new ProblemError('not-found', { detail: 'There is no such attachment.' });
}
