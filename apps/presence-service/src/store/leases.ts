import { sql } from 'kysely';
import type { Db } from './tables.js';

/** How many members of each room are online; a room where nobody is is left out. */
export function selectOnline(roomIds: readonly string[], now: Date) {
  return sql<{ room_id: string; count: number }>`
    select known_member.room_id, count(*)::int as count
    from known_member join lease on lease.user_id = known_member.user_id
    where known_member.room_id = any(${roomIds}::uuid[]) and lease.status = 'online' and lease.expires_at > ${now}
    group by known_member.room_id`;
}

export function renewLease(db: Db, userId: string, status: 'online' | 'away', expiresAt: Date) {
  return db
    .insertInto('lease')
    .values({ user_id: userId, status, expires_at: expiresAt })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ status, expires_at: expiresAt }));
}

export function renewTyping(db: Db, roomId: string, userId: string, expiresAt: Date) {
  return db
    .insertInto('typing')
    .values({ room_id: roomId, user_id: userId, expires_at: expiresAt })
    .onConflict((conflict) => conflict.columns(['room_id', 'user_id']).doUpdateSet({ expires_at: expiresAt }));
}

/** One renewed at this moment stays; one that another instance takes away is left to it. */
export function deleteEndedLeases(now: Date, atMost: number) {
  return sql`
    delete from lease where user_id = any(array(
      select user_id from lease where expires_at <= ${now} order by expires_at limit ${atMost} for update skip locked
    )) returning 1`;
}

export function deleteEndedTyping(now: Date, atMost: number) {
  return sql`
    delete from typing where (room_id, user_id) in (
      select room_id, user_id from typing where expires_at <= ${now} order by expires_at limit ${atMost} for update skip locked
    ) returning 1`;
}
