import type { RequestContext } from '@facet/context';
import { MemberRole, type Member as StoredMember } from '@facet/contracts/rooms';
import { Answer } from '@facet/edge';
import { answered, ProblemError } from '@facet/errors';
import type { Downstream } from '../downstream.js';
import type { PagedList } from '../paging/paged-list.js';
import type { RoomParams } from '../room/room.view.js';
import { findMember } from './find-member.js';
import type { Member, MemberParams } from './member.view.js';

export async function listMembers({ rooms }: Downstream, { roomId }: RoomParams, list: PagedList, context: RequestContext) {
  const request = { roomId, pageSize: list.limit, after: list.after, descending: !list.ascending };
  const { members, more } = await rooms.listMembers(request, context);
  return list.page(
    members.map((member) => toMember(roomId, member)),
    more,
    members.at(-1)?.userId,
  );
}

export async function getMember(downstream: Downstream, { roomId, userId }: MemberParams, context: RequestContext): Promise<Member> {
  const member = await findMember(downstream, { roomId, userId }, context);
  if (!member) throw new ProblemError('not-found');
  return toMember(roomId, member);
}

/** A new member. Whoever is one already is a conflict. */
export async function createMember(downstream: Downstream, params: MemberParams, context: RequestContext): Promise<Answer<Member>> {
  const { member, created } = await admit(downstream, params, context);
  if (!created) throw new ProblemError('conflict', { detail: 'This user is a member already.' });
  return new Answer(member, { headers: { location: member.links.self } });
}

/** A member from now on: 201 for a new one, 200 for who was one already. */
export async function putMember(downstream: Downstream, params: MemberParams, context: RequestContext): Promise<Answer<Member>> {
  const { member, created } = await admit(downstream, params, context);
  return created ? new Answer(member, { status: 201, headers: { location: member.links.self } }) : new Answer(member);
}

/** No member from now on. Oneself leaves; others are taken out. */
export async function removeMember({ rooms }: Downstream, { roomId, userId }: MemberParams, context: RequestContext): Promise<void> {
  if (userId === context.caller.subject) await rooms.leaveRoom({ roomId }, context);
  else await rooms.removeMember({ roomId, userId }, context);
}

// Oneself joins; others are added.
async function admit(downstream: Downstream, { roomId, userId }: MemberParams, context: RequestContext) {
  if (userId !== context.caller.subject) {
    const { member, created } = await downstream.rooms.addMember({ roomId, userId }, context);
    return { member: toMember(roomId, answered(member, 'rooms')), created };
  }
  const before = await findMember(downstream, { roomId, userId }, context);
  if (before) return { member: toMember(roomId, before), created: false };
  await downstream.rooms.joinRoom({ roomId }, context);
  const member = await findMember(downstream, { roomId, userId }, context);
  return { member: toMember(roomId, answered(member, 'rooms')), created: true };
}

const roles = new Map<MemberRole, Member['role']>([
  [MemberRole.MEMBER_ROLE_MEMBER, 'member'],
  [MemberRole.MEMBER_ROLE_ADMIN, 'admin'],
]);

function toMember(roomId: string, { userId, role, joinedAt }: StoredMember): Member {
  const room = `/api/v1/rooms/${roomId}`;
  return {
    userId,
    role: answered(roles.get(role), 'rooms'),
    joinedAt: answered(joinedAt, 'rooms'),
    links: { self: `${room}/members/${userId}`, user: `/api/v1/users/${userId}`, room },
  };
}
