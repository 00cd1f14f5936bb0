import { sql } from 'kysely';
import type { Member, Room, Tx } from './tables.js';

/** Those that did not exist: neither the id, nor a direct room of the same members. */
export function insertRooms(rooms: readonly Room[]) {
  const column = <Name extends keyof Room>(name: Name) => rooms.map((room) => room[name]);
  const directMembers = rooms.map(({ direct_members }) => direct_members && `{${direct_members.join(',')}}`);
  return sql<Room>`
    insert into room (id, type, name, topic, created_by, created_at, updated_at, last_activity_at, direct_members)
    select id, type, name, topic, created_by, created_at, updated_at, last_activity_at, direct_members::uuid[] from unnest(
      ${column('id')}::uuid[], ${column('type')}::text[], ${column('name')}::text[], ${column('topic')}::text[], ${column('created_by')}::uuid[],
      ${column('created_at')}::timestamptz[], ${column('updated_at')}::timestamptz[], ${column('last_activity_at')}::timestamptz[], ${directMembers}::text[]
    ) as given (id, type, name, topic, created_by, created_at, updated_at, last_activity_at, direct_members)
    on conflict do nothing
    returning *`;
}

/** Locks, in one order for everybody, the rooms of these that there are and whose members may change. */
export function lockChanging(tx: Tx, roomIds: readonly string[]) {
  return tx
    .selectFrom('room')
    .select('id')
    .where('id', '=', sql<string>`any(${roomIds}::uuid[])`)
    .where('deleted_at', 'is', null)
    .where('type', '<>', 'direct')
    .orderBy('id')
    .forNoKeyUpdate();
}

/** Adds to each room's own count as many as these are. */
export function countImported(members: readonly Member[]) {
  const roomIds = members.map(({ room_id }) => room_id);
  return sql`
    update room set member_count = member_count + came.count
    from (select id, count(*)::int as count from unnest(${roomIds}::uuid[]) as given (id) group by id) came
    where room.id = came.id`;
}
