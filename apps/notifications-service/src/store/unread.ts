import type { Sight } from '@facet/auth';
import { isVisibleRoom } from '@facet/memberships';
import { sql } from 'kysely';
import type { Db, KnownMessage, ReadMarkerRow, Tx } from './tables.js';

/** A count stops here. */
export const mostUnread = 1_000;

interface Counted {
  /** Position of the question, from 0. */
  readonly item: number;
  readonly count: number;
}

/** What others said after `seat.start`, counted in the index alone. */
const unreadOfSeat = sql`
  select count(*)::int as count from (
    select from known_message as said
    where said.room_id = seat.room_id and said.counts and said.message_id > seat.start and said.author_id <> seat.user_id
    limit ${sql.lit(mostUnread)}
  ) as unread`;

/** Where a member's unread messages begin: after what they have read, or when they joined. */
const start = sql`greatest(first_id_at(member.joined_at), marker.message_id) as start`;

/** Unread messages of somebody in a room, for many at once; none for who is not a member. */
export function countInRooms(asked: readonly { roomId: string; userId: string }[]) {
  return sql<Counted>`
    select (item.at - 1)::int as item, unread.count
    from unnest(${asked.map(({ roomId }) => roomId)}::uuid[], ${asked.map(({ userId }) => userId)}::uuid[])
      with ordinality as item (room_id, user_id, at)
    cross join lateral (
      select member.room_id, member.user_id, ${start}
      from known_member as member
      left join read_marker as marker on marker.user_id = member.user_id and marker.room_id = member.room_id
      where member.room_id = item.room_id and member.user_id = item.user_id
    ) seat
    cross join lateral (${unreadOfSeat}) unread`;
}

/** Whose messages in all their rooms somebody wants counted; in those that the viewer sees as well. */
export interface Total {
  readonly userId: string;
  readonly viewer: string;
  readonly sight: Sight;
}

export function countInAll(asked: readonly Total[]) {
  return sql<Counted>`
    select (item.at - 1)::int as item, least(sum(unread.count), ${sql.lit(mostUnread)})::int as count
    from unnest(
      ${asked.map(({ userId }) => userId)}::uuid[], ${asked.map(({ viewer }) => viewer)}::uuid[], ${asked.map(({ sight }) => sight)}::text[]
    ) with ordinality as item (user_id, viewer, sight, at)
    cross join lateral (
      select member.room_id, member.user_id, ${start}
      from known_member as member
      left join read_marker as marker on marker.user_id = member.user_id and marker.room_id = member.room_id
      where member.user_id = item.user_id and ${isVisibleRoom(sql`member.room_id`, sql`item.viewer`, sql`item.sight`)}
    ) seat
    cross join lateral (${unreadOfSeat}) unread
    group by item.at`;
}

/** Never moves a marker back. */
export function moveReadMarker(db: Db | Tx, marker: ReadMarkerRow) {
  return db
    .insertInto('read_marker')
    .values(marker)
    .onConflict((conflict) =>
      conflict
        .columns(['user_id', 'room_id'])
        .doUpdateSet({ message_id: marker.message_id })
        .where('read_marker.message_id', '<', marker.message_id),
    );
}

export function selectKnownMessage(db: Db, roomId: string, messageId: string) {
  return db.selectFrom('known_message').select('message_id').where('room_id', '=', roomId).where('message_id', '=', messageId);
}

export function insertKnownMessages(tx: Tx, messages: readonly KnownMessage[]) {
  return sql`
    insert into known_message (room_id, message_id, author_id, counts)
    select * from unnest(
      ${messages.map(({ room_id }) => room_id)}::uuid[], ${messages.map(({ message_id }) => message_id)}::uuid[],
      ${messages.map(({ author_id }) => author_id)}::uuid[], ${messages.map(({ counts }) => counts)}::boolean[]
    )
    on conflict do nothing`.execute(tx);
}

/** A deleted message can still be a marker, but nobody has to read it. */
export function stopCounting(tx: Tx, roomId: string, messageId: string) {
  return tx.updateTable('known_message').set({ counts: false }).where('room_id', '=', roomId).where('message_id', '=', messageId);
}

export function insertReadMarkers(markers: readonly ReadMarkerRow[]) {
  return sql`
    insert into read_marker (user_id, room_id, message_id)
    select * from unnest(
      ${markers.map(({ user_id }) => user_id)}::uuid[], ${markers.map(({ room_id }) => room_id)}::uuid[],
      ${markers.map(({ message_id }) => message_id)}::uuid[]
    )
    on conflict do nothing`;
}
