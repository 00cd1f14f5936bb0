import { refuseEarly } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { LeaveRoomResponse } from '@facet/contracts/rooms';
import { requireChangingMembers } from '../room-policy.js';
import type { Db } from '../store/tables.js';
import { takeOutOf } from './change-members.js';
import { lockAllowedRoom } from './find-visible-rooms.js';
import type { OneRoom } from './requests.js';

export async function leaveRoom(db: Db, { roomId }: OneRoom, context: RequestContext): Promise<LeaveRoomResponse> {
  refuseEarly(context.caller, 'room:leave');

  await db.transaction().execute(async (tx) => {
    const room = await lockAllowedRoom(tx, { roomId, rule: 'room:leave' }, context);
    requireChangingMembers(room);

    await takeOutOf(tx, roomId, context.caller.subject, context);
  });

  return {};
}
