import { hasRole } from '@facet/auth';
import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import { canSee, type RoomAccess } from '@facet/memberships';
import type { Message } from './message.js';

const ownDeletionMs = 24 * 3_600_000;

/** What one may not see is not there. */
export function requireVisible(room: RoomAccess | undefined, caller: Caller, thing: 'room' | 'message'): RoomAccess {
  if (!canSee(room, caller)) throw new ProblemError('not-found', { detail: `There is no such ${thing}.` });
  return room;
}

/** Taking part is for members, and for admins wherever they can see. */
export function mayTakePart(room: RoomAccess | undefined, caller: Caller): room is RoomAccess {
  return canSee(room, caller) && (room.role !== undefined || hasRole(caller, 'admin'));
}

export function requireTakingPart(room: RoomAccess, caller: Caller): void {
  if (!mayTakePart(room, caller)) throw new ProblemError('forbidden', { detail: 'This is for members of the room.' });
}

export function requireEditable(message: Message, caller: Caller): void {
  if (message.type === 'text' && (isAuthor(message, caller) || isModerating(caller))) return;
  throw new ProblemError('forbidden', { detail: 'A message is edited by its author.' });
}

/** What is deleted already may be deleted again by its author at any time: it changes nothing. */
export function requireDeletable(message: Message, room: RoomAccess, caller: Caller, now: Date): void {
  if (isModerating(caller) || room.role === 'admin') return;
  if (!isAuthor(message, caller)) throw new ProblemError('forbidden', { detail: 'A message is deleted by its author.' });
  if (message.deletedAt || now.getTime() - message.createdAt.getTime() < ownDeletionMs) return;
  throw new ProblemError('forbidden', { detail: 'A message can be deleted by its author for 24 hours.' });
}

function isModerating(caller: Caller): boolean {
  return hasRole(caller, 'admin') || hasRole(caller, 'moderator');
}

function isAuthor({ authorId }: Message, { subject }: Caller): boolean {
  return authorId === subject;
}
