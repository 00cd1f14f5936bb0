import type { RequestContext } from '@facet/context';
import type { JoinRoomResponse } from '@facet/contracts/rooms';
import { authorizeJoining, authorizeTakingPart } from '../room-policy.js';
import type { Db } from '../store/tables.js';
import { addTo } from './change-members.js';
import { findChangedRoom, lockVisibleRoom } from './find-visible-rooms.js';
import type { OneRoom } from './requests.js';
import { toRoom } from './to-room.js';

export async function joinRoom(db: Db, { roomId }: OneRoom, context: RequestContext): Promise<JoinRoomResponse> {
  authorizeTakingPart(context.caller);

  const room = await db.transaction().execute(async (tx) => {
    const before = await lockVisibleRoom(tx, roomId, context);
    if (before.viewer_role) return before;
    authorizeJoining(before);

    await addTo(tx, roomId, context.caller.subject, context);
    return await findChangedRoom(tx, roomId, context);
  });

  return { room: toRoom(room) };
}
