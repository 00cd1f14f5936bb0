import { sql } from 'kysely';
import type { Db, Room, SeenRoom, Tx } from './tables.js';

/** `room_id` as `viewer_id` would see it, were it visible. */
export interface Sight {
  readonly viewerId: string;
  readonly roomId: string;
}

/** A room that exists, and which of the asked it is. */
export type FoundRoom = SeenRoom & { readonly at: number };

export function selectRooms(sights: readonly Sight[]) {
  return sql<FoundRoom>`
    select asked.at::int - 1 as at, room.*, member.role as viewer_role
    from unnest(${sights.map(({ viewerId }) => viewerId)}::uuid[], ${sights.map(({ roomId }) => roomId)}::uuid[])
      with ordinality as asked (viewer_id, room_id, at)
    join room on room.id = asked.room_id and room.deleted_at is null
    left join member on member.room_id = room.id and member.user_id = asked.viewer_id`;
}

/** Holds back every other change of the room and its members until the transaction ends. */
export function lockRoom(tx: Tx, roomId: string) {
  return tx.selectFrom('room').select('id').where('id', '=', roomId).forNoKeyUpdate();
}

/** Nothing where the direct room of these members exists. */
export function insertRoom(tx: Tx, room: Room) {
  return tx
    .insertInto('room')
    .values(room)
    .onConflict((conflict) => conflict.column('direct_members').where('deleted_at', 'is', null).doNothing())
    .returning('id');
}

export function selectDirectRoom(db: Db | Tx, memberIds: readonly string[]) {
  return db
    .selectFrom('room')
    .select('id')
    .where('direct_members', '=', sql<string[]>`${memberIds}::uuid[]`)
    .where('deleted_at', 'is', null);
}

export function changeRoom(tx: Tx, roomId: string, change: Partial<Pick<Room, 'name' | 'topic'>>) {
  return tx
    .updateTable('room')
    .set({ ...change, updated_at: sql`now()` })
    .where('id', '=', roomId);
}

export function markDeleted(tx: Tx, roomId: string) {
  return tx
    .updateTable('room')
    .set({ deleted_at: sql`now()` })
    .where('id', '=', roomId)
    .returning(['id', 'deleted_at']);
}

/** Never moves back. */
export function touchRoom(tx: Tx, roomId: string, at: Date) {
  return tx.updateTable('room').set({ last_activity_at: at }).where('id', '=', roomId).where('last_activity_at', '<', at);
}
