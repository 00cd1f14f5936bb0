import { MemberJoined, MemberLeft, MemberRole, RoomCreated, RoomDeleted, RoomType, type Member } from '@facet/contracts/rooms';
import { on, type EventMeta, type Handler } from '@facet/events';
import { sql, type Transaction } from 'kysely';
import type { KnownMemberRole, KnownRoomType, MembershipTables } from './membership-tables.js';

type Tx = Transaction<MembershipTables>;

/** membershipHandlers: keeps the read model up to date from `facet.rooms.v1`; for `EventsModule`, beside the service's own handlers. */
export function membershipHandlers(): Handler[] {
  return [on(RoomCreated, addRoom), on(RoomDeleted, deleteRoom), on(MemberJoined, addMember), on(MemberLeft, removeMember)];
}

async function addRoom({ roomId, type, createdBy, members }: RoomCreated, tx: Tx, meta: EventMeta): Promise<void> {
  await tx
    .insertInto('known_room')
    .values({ id: roomId, type: roomTypeOf(type), created_by: createdBy, deleted: false })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  await saveMembers(tx, roomId, members, meta);
}

async function deleteRoom({ roomId }: RoomDeleted, tx: Tx): Promise<void> {
  await tx.updateTable('known_room').set({ deleted: true }).where('id', '=', roomId).execute();
}

async function addMember({ roomId, member }: MemberJoined, tx: Tx, meta: EventMeta): Promise<void> {
  await saveMembers(tx, roomId, member ? [member] : [], meta);
}

async function removeMember({ roomId, userId }: MemberLeft, tx: Tx): Promise<void> {
  await tx.deleteFrom('known_member').where('room_id', '=', roomId).where('user_id', '=', userId).execute();
}

async function saveMembers(tx: Tx, roomId: string, members: readonly Member[], { time }: EventMeta): Promise<void> {
  await sql`insert into known_member (room_id, user_id, role, joined_at)
    select ${roomId}, * from unnest(
      ${members.map(({ userId }) => userId)}::uuid[],
      ${members.map(({ role }) => memberRoleOf(role))}::text[],
      ${members.map(({ joinedAt }) => joinedAt ?? time)}::timestamptz[])
    on conflict (room_id, user_id) do update set role = excluded.role, joined_at = excluded.joined_at`.execute(tx);
}

function roomTypeOf(type: RoomType): KnownRoomType {
  if (type === RoomType.ROOM_TYPE_PUBLIC) return 'public';
  if (type === RoomType.ROOM_TYPE_PRIVATE) return 'private';
  if (type === RoomType.ROOM_TYPE_DIRECT) return 'direct';
  throw new TypeError(`There is no room type ${type}`);
}

function memberRoleOf(role: MemberRole): KnownMemberRole {
  return role === MemberRole.MEMBER_ROLE_ADMIN ? 'admin' : 'member';
}
