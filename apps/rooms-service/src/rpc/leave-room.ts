import type { RequestContext } from '@facet/context';
import type { LeaveRoomResponse } from '@facet/contracts/rooms';
import { authorizeTakingPart, requireChangingMembers } from '../room-policy.js';
import type { Db } from '../store/tables.js';
import { takeOutOf } from './change-members.js';
import { lockVisibleRoom } from './find-visible-rooms.js';
import type { OneRoom } from './requests.js';

export async function leaveRoom(db: Db, { roomId }: OneRoom, context: RequestContext): Promise<LeaveRoomResponse> {
  authorizeTakingPart(context.caller);

  await db.transaction().execute(async (tx) => {
    const room = await lockVisibleRoom(tx, roomId, context);
    requireChangingMembers(room);

    await takeOutOf(tx, roomId, context.caller.subject, context);
  });

  return {};
}
