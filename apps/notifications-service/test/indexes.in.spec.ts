import { newId } from '@facet/database';
import { sequentialScans, testDatabase, userIds, type TestDatabase } from '@facet/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrations } from '../src/store/migrations.js';
import {
  changeText,
  deleteNotifications,
  moveSeenMarker,
  selectCandidates,
  selectFeeds,
  selectRoomIsKnown,
} from '../src/store/notifications.js';
import type { Tables, Tx } from '../src/store/tables.js';
import { countInAll, countInRooms, moveReadMarker, selectKnownMessage, stopCounting } from '../src/store/unread.js';

type Statement = Parameters<typeof sequentialScans>[1];

const size = 100_000;
const tables = ['known_room', 'known_member', 'known_user', 'known_message', 'read_marker', 'notification', 'seen_marker'];

let database: TestDatabase<Tables>;
let tx: Tx;
let roomId: string;
let userId: string;
let messageId: string;

/** A UUIDv7 for a number, in SQL. */
const idFor = (kind: number, number: string) =>
  sql.raw(`(lpad(to_hex(${kind} * 1000000 + ${number}), 12, '0') || '70008000000000000000')::uuid`);

beforeAll(async () => {
  database = await testDatabase<Tables>({ schema: 'notifications', migrations });
  const { db } = database;
  const [room, user, message] = [idFor(1, '(n % 2000)'), idFor(2, '(n / 50)'), idFor(3, 'n')];
  const from = sql`from generate_series(1, ${size}::int) n`;
  await sql`insert into known_room (id, type, created_by, deleted) select ${idFor(1, '(n - 1)')}, 'private', ${user}, false ${from}`.execute(
    db,
  );
  await sql`insert into known_member (room_id, user_id, role, joined_at) select ${room}, ${user}, 'member', to_timestamp(n) ${from}`.execute(
    db,
  );
  await sql`insert into known_user (id, username) select ${idFor(2, '(n - 1)')}, 'user' || (n - 1) ${from}`.execute(db);
  await sql`insert into known_message (room_id, message_id, author_id, counts) select ${room}, ${message}, ${user}, true ${from}`.execute(
    db,
  );
  await sql`insert into read_marker (user_id, room_id, message_id) select ${user}, ${room}, ${message} ${from}`.execute(db);
  await sql`insert into seen_marker (user_id, notification_id) select ${idFor(2, 'n')}, ${message} ${from}`.execute(db);
  await sql`insert into notification (id, user_id, type, room_id, message_id, author_id, text, created_at)
    select ${idFor(4, 'n')}, ${user}, 'mention', ${room}, ${message}, ${user}, 'hello', now() ${from}`.execute(db);
  for (const table of tables) await sql`vacuum analyze ${sql.table(table)}`.execute(db);

  tx = db as Tx;
  const seat = await db.selectFrom('known_message').selectAll().offset(50_000).limit(1).executeTakeFirstOrThrow();
  [roomId, userId, messageId] = [seat.room_id, seat.author_id, seat.message_id];
});
afterAll(() => database.close());

const page = (after?: string) => ({ userId, after, size: 20, sight: 'own' as const });

const statements: Record<string, () => Statement> = {
  feeds: () => selectFeeds([page(), page(newId())]),
  'counts of rooms': () =>
    countInRooms([
      { roomId, userId },
      { roomId, userId: userIds.alice },
    ]),
  'counts of all rooms': () =>
    countInAll([
      { userId, viewer: userId, sight: 'own' },
      { userId, viewer: userIds.alice, sight: 'private' },
    ]),
  'a message to read up to': () => selectKnownMessage(database.db, roomId, messageId),
  'a read marker': () => moveReadMarker(tx, { user_id: userId, room_id: roomId, message_id: messageId }),
  'a seen marker': () => moveSeenMarker(userId, newId()),
  'whom to notify': () => selectCandidates(roomId, ['user1', 'user2'], userId),
  'notifications to change': () => changeText(tx, messageId, 'x'),
  'notifications to delete': () => deleteNotifications(tx, messageId),
  'a message that counts no more': () => stopCounting(tx, roomId, messageId),
  'whether a room is known': () => selectRoomIsKnown(database.db, roomId),
};

describe(`with ${size.toLocaleString('en')} rows`, () => {
  it.each(Object.keys(statements))('%s are found by an index', async (name) => {
    expect(await sequentialScans(database.db, statements[name]!())).toEqual([]);
  });

  it('unread messages are counted in the index alone', async () => {
    const { rows } = await database.db.transaction().execute(async (tx) => {
      // How the index is read depends on what the last vacuum could see; that nothing else has to be read does not.
      await sql`set local enable_bitmapscan = off`.execute(tx);
      return sql<Record<string, string>>`explain ${countInRooms([{ roomId, userId }])}`.execute(tx);
    });
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('Index Only Scan using known_message_unread');
  });

  it('a sequential scan would be seen', async () => {
    const unindexed = database.db.selectFrom('notification').select('id').where('text', '=', 'x');
    expect(await sequentialScans(database.db, unindexed)).toEqual(['notification']);
  });
});
