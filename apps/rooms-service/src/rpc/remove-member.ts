import type { RequestContext } from '@facet/context';
import type { RemoveMemberResponse } from '@facet/contracts/rooms';
import { authorizeRemoving, authorizeTakingPart, requireChangingMembers } from '../room-policy.js';
import type { Db } from '../store/tables.js';
import { takeOutOf } from './change-members.js';
import { lockVisibleRoom } from './find-visible-rooms.js';
import type { OneMember } from './requests.js';

export async function removeMember(db: Db, { roomId, userId }: OneMember, context: RequestContext): Promise<RemoveMemberResponse> {
  authorizeTakingPart(context.caller);

  await db.transaction().execute(async (tx) => {
    const room = await lockVisibleRoom(tx, roomId, context);
    authorizeRemoving(room, userId, context.caller);
    requireChangingMembers(room);

    await takeOutOf(tx, roomId, userId, context);
  });

  return {};
}
