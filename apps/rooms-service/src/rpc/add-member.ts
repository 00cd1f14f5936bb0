import { refuseEarly } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { AddMemberResponse } from '@facet/contracts/rooms';
import { requireChangingMembers } from '../room-policy.js';
import type { Db } from '../store/tables.js';
import { addTo } from './change-members.js';
import { findUnknownUsers, refuseUnknown } from './find-unknown-users.js';
import { lockAllowedRoom } from './find-visible-rooms.js';
import type { OneMember } from './requests.js';
import { toMember } from './to-room.js';

export async function addMember(db: Db, { roomId, userId }: OneMember, context: RequestContext): Promise<AddMemberResponse> {
  refuseEarly(context.caller, 'member:add');

  const unknown = await findUnknownUsers(db, [userId], context);

  return await db.transaction().execute(async (tx) => {
    const room = await lockAllowedRoom(tx, { roomId, rule: 'member:add', userId }, context);
    requireChangingMembers(room);
    refuseUnknown(unknown, [userId], () => '/userId');

    const { member, created } = await addTo(tx, roomId, userId, context);
    return { member: toMember(member), created };
  });
}
