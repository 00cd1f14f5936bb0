import { authorize } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { ImportRoomsResponse } from '@facet/contracts/rooms';
import { within } from '@facet/database';
import { publish } from '@facet/events';
import { memberJoined, roomCreated } from '../events/published.js';
import { countImported, insertRooms, lockChanging } from '../store/imports.js';
import { insertMembers } from '../store/members.js';
import type { Db, Member, Room, Tx } from '../store/tables.js';
import type { ImportedRoom, ImportRooms } from './requests.js';

export async function importRooms(db: Db, { rooms }: ImportRooms, context: RequestContext): Promise<ImportRoomsResponse> {
  authorize(context.caller, 'import');

  return await db.transaction().execute(async (tx) => {
    const { rows: created } = await insertRooms(rooms.map(toRoomRow)).execute(tx, within(context));
    const members = await joinAll(tx, rooms, created, context);
    await announce(tx, created, members);
    return { created: created.length };
  });
}

/** Everybody who was not a member before, of the rooms that were made now and of those whose members may change. */
async function joinAll(tx: Tx, rooms: readonly ImportedRoom[], created: readonly Room[], context: RequestContext): Promise<Member[]> {
  const ids = rooms.map(({ room }) => room.id);
  const changing = await lockChanging(tx, ids).execute(within(context));
  const open = new Set([...created, ...changing].map(({ id }) => id));
  const asked = rooms.filter(({ room }) => open.has(room.id)).flatMap(toMemberRows);
  const { rows: members } = await insertMembers(asked).execute(tx, within(context));
  await countImported(members).execute(tx, within(context));
  return members;
}

async function announce(tx: Tx, created: readonly Room[], members: readonly Member[]): Promise<void> {
  const isNew = new Set(created.map(({ id }) => id));
  const byRoom = Map.groupBy(members, ({ room_id }) => room_id);
  await publish(tx, [
    ...created.map((room) => roomCreated(room, byRoom.get(room.id) ?? [])),
    ...members.filter(({ room_id }) => !isNew.has(room_id)).map(memberJoined),
  ]);
}

function toRoomRow({ room, members }: ImportedRoom): Room {
  const { createdAt = new Date(), updatedAt = createdAt } = room;
  return {
    id: room.id,
    type: room.type,
    name: room.type === 'direct' ? '' : room.name,
    topic: room.topic || null,
    created_by: room.createdBy,
    created_at: createdAt,
    updated_at: updatedAt,
    last_activity_at: createdAt,
    member_count: 0,
    direct_members: room.type === 'direct' ? [...new Set(members.map(({ userId }) => userId))].sort() : null,
    deleted_at: null,
  };
}

function toMemberRows({ room, members }: ImportedRoom): Member[] {
  const createdAt = room.createdAt ?? new Date();
  return members.map(({ userId, role, joinedAt = createdAt }) => ({ room_id: room.id, user_id: userId, role, joined_at: joinedAt }));
}
