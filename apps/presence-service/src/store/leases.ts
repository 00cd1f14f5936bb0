import { sql } from 'kysely';
import type { Db } from './tables.js';

/** How many members of each of these different rooms are online. Room by room, so that no plan reads all leases for the sake of a few rooms. */
export function selectOnline(roomIds: readonly string[], now: Date) {
  return sql<{ room_id: string; count: number }>`
    select asked.room_id, online.count
    from unnest(${roomIds}::uuid[]) as asked (room_id)
    cross join lateral (
      select count(*)::int as count
      from known_member join lease on lease.user_id = known_member.user_id
      where known_member.room_id = asked.room_id and lease.status = 'online' and lease.expires_at > ${now}
    ) online`;
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
