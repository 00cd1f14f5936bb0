import type { Sight } from '@facet/auth';
import { isVisibleRoom } from '@facet/memberships';
import { sql } from 'kysely';
import type { Candidate } from '../recipients.js';
import type { Db, NotificationRow, Tx } from './tables.js';

/** One page of somebody's feed. */
export interface FeedPage {
  readonly userId: string;
  readonly after: string | undefined;
  readonly size: number;
  readonly sight: Sight;
}

export type FeedRow = NotificationRow & { page: number; seen: boolean };

const beyond = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Pages in one statement, newest first, of rooms that one still sees. A page has one row more than its size where there is more. */
export function selectFeeds(pages: readonly FeedPage[]) {
  return sql<FeedRow>`
    select notice.*, (page.at - 1)::int as page, coalesce(notice.id <= marker.notification_id, false) as seen
    from unnest(
      ${pages.map(({ userId }) => userId)}::uuid[], ${pages.map(({ after }) => after ?? beyond)}::uuid[],
      ${pages.map(({ size }) => size + 1)}::int[], ${pages.map(({ sight }) => sight)}::text[]
    ) with ordinality as page (user_id, after, size, sight, at)
    left join seen_marker as marker on marker.user_id = page.user_id
    cross join lateral (
      select * from notification as kept
      where kept.user_id = page.user_id and kept.id < page.after and ${isVisibleRoom(sql`kept.room_id`, sql`page.user_id`, sql`page.sight`)}
      order by kept.id desc
      limit page.size
    ) notice
    order by page.at, notice.id desc`;
}

/** Notes that somebody has seen their feed up to an id; only what is in it counts, so that nobody sees what is still to come. */
export function moveSeenMarker(userId: string, upTo: string) {
  return sql`
    insert into seen_marker (user_id, notification_id)
    select user_id, id from notification where user_id = ${userId} and id <= ${upTo} order by id desc limit 1
    on conflict (user_id) do update set notification_id = excluded.notification_id
    where seen_marker.notification_id < excluded.notification_id`;
}

/** Members of a room that have one of these usernames, or are the author of what was answered. */
export function selectCandidates(roomId: string, usernames: readonly string[], answered: string | undefined) {
  return sql<Candidate>`
    select member.user_id as "userId", 'mention' as reason
    from known_user join known_member as member on member.user_id = known_user.id and member.room_id = ${roomId}
    where known_user.username = any(${usernames}::text[])
    union all
    select user_id, 'reply' from known_member where room_id = ${roomId} and user_id = ${answered ?? null}::uuid`;
}

/**
 * Whoever else adds to one of these feeds waits here, so that notifications of one feed become visible in the order of their ids, and none is behind
 * a marker that has passed it. Always in the same order: no two wait for each other.
 */
export function lockFeeds(tx: Tx, userIds: readonly string[]) {
  return sql`
    select pg_advisory_xact_lock(feed.key)
    from (select distinct hashtextextended(id, 0) as key from unnest(${userIds}::text[]) as id order by key) feed`.execute(tx);
}

export function insertNotifications(rows: readonly NotificationRow[]) {
  const column = <Name extends keyof NotificationRow>(name: Name) => rows.map((row) => row[name]);
  return sql<{ id: string }>`
    insert into notification (id, user_id, type, room_id, message_id, author_id, text, created_at)
    select * from unnest(
      ${column('id')}::uuid[], ${column('user_id')}::uuid[], ${column('type')}::text[], ${column('room_id')}::uuid[],
      ${column('message_id')}::uuid[], ${column('author_id')}::uuid[], ${column('text')}::text[], ${column('created_at')}::timestamptz[]
    )
    on conflict do nothing
    returning id`;
}

export function changeText(tx: Tx, messageId: string, text: string) {
  return tx.updateTable('notification').set({ text }).where('message_id', '=', messageId);
}

export function deleteNotifications(tx: Tx, messageId: string) {
  return tx.deleteFrom('notification').where('message_id', '=', messageId);
}

/** All that is kept for one reader. */
export async function deleteFeed(tx: Tx, userId: string): Promise<void> {
  await lockFeeds(tx, [userId]);
  for (const table of ['notification', 'seen_marker', 'read_marker'] as const) {
    await tx.deleteFrom(table).where('user_id', '=', userId).execute();
  }
}

export function selectRoomIsKnown(db: Db | Tx, roomId: string) {
  return db.selectFrom('known_room').select('id').where('id', '=', roomId);
}
