import { refuseEarly } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { JoinRoomResponse } from '@facet/contracts/rooms';
import type { Db } from '../store/tables.js';
import { addTo } from './change-members.js';
import { findChangedRoom, lockAllowedRoom } from './find-visible-rooms.js';
import type { OneRoom } from './requests.js';
import { toRoom } from './to-room.js';

export async function joinRoom(db: Db, { roomId }: OneRoom, context: RequestContext): Promise<JoinRoomResponse> {
  refuseEarly(context.caller, 'room:join');

  const room = await db.transaction().execute(async (tx) => {
    const before = await lockAllowedRoom(tx, { roomId, rule: 'room:join' }, context);
    if (before.viewer_role) return before;

    await addTo(tx, roomId, context.caller.subject, context);
    return await findChangedRoom(tx, roomId, context);
  });

  return { room: toRoom(room) };
}
