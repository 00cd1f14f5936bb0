import { refuseEarly } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { UpdateRoomResponse } from '@facet/contracts/rooms';
import { within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { publish } from '@facet/events';
import { roomUpdated } from '../events/published.js';
import { changeRoom } from '../store/rooms.js';
import type { Db, SeenRoom } from '../store/tables.js';
import { findChangedRoom, lockAllowedRoom } from './find-visible-rooms.js';
import type { UpdateRoom } from './requests.js';
import { toRoom } from './to-room.js';

export async function updateRoom(db: Db, request: UpdateRoom, context: RequestContext): Promise<UpdateRoomResponse> {
  refuseEarly(context.caller, 'room:update');

  const room = await db.transaction().execute(async (tx) => {
    const before = await lockAllowedRoom(tx, { roomId: request.roomId, rule: 'room:update' }, context);
    const change = changeOf(before, request);
    if (!change) return before;

    await changeRoom(tx, before.id, change).execute(within(context));
    const after = await findChangedRoom(tx, before.id, context);
    await publish(tx, [roomUpdated(after)]);
    return after;
  });

  return { room: toRoom(room) };
}

/** Nothing where the room is as asked already. */
function changeOf(before: SeenRoom, request: UpdateRoom) {
  if (before.type === 'direct' && request.name !== undefined)
    throw new ProblemError('conflict', { detail: 'A direct room has no name of its own.' });
  const name = request.name ?? before.name;
  const topic = request.topic === undefined ? before.topic : request.topic || null;
  return name === before.name && topic === before.topic ? undefined : { name, topic };
}
