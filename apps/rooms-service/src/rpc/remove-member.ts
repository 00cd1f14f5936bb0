import { refuseEarly } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { RemoveMemberResponse } from '@facet/contracts/rooms';
import { requireChangingMembers } from '../room-policy.js';
import type { Db } from '../store/tables.js';
import { takeOutOf } from './change-members.js';
import { lockAllowedRoom } from './find-visible-rooms.js';
import type { OneMember } from './requests.js';

export async function removeMember(db: Db, { roomId, userId }: OneMember, context: RequestContext): Promise<RemoveMemberResponse> {
  refuseEarly(context.caller, 'member:remove');

  await db.transaction().execute(async (tx) => {
    const room = await lockAllowedRoom(tx, { roomId, rule: 'member:remove', userId }, context);
    requireChangingMembers(room);

    await takeOutOf(tx, roomId, userId, context);
  });

  return {};
}
