import { sequentialScans, testDatabase, userIds, type TestDatabase } from '@facet/testing';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { startOf } from '../src/store/keyset.js';
import { selectMemberPages, selectUnknownUsers } from '../src/store/members.js';
import { migrations } from '../src/store/migrations.js';
import { selectJoinable, selectOfMember, selectVisible, type RoomPage } from '../src/store/room-lists.js';
import { selectDirectRoom, selectRooms, touchRoom } from '../src/store/rooms.js';
import type { Tables, Tx } from '../src/store/tables.js';

let database: TestDatabase<Tables>;

/** 100,000 rooms of every type with 200,000 places in them, taken by 1,000 people. */
beforeAll(async () => {
  database = await testDatabase<Tables>({ schema: 'rooms', migrations });
  await database.db.connection().execute(async (db) => {
    await sql`set statement_timeout = 0`.execute(db);
    await sql`
      insert into room (id, type, name, created_by, created_at, updated_at, last_activity_at, direct_members)
      select ${numbered('01910000')}, (array['public', 'private', 'direct'])[n % 3 + 1], 'Room ' || n, ${userIds.alice}::uuid, now(), now(), now(),
        case when n % 3 = 2 then array[${numbered('01900000')}, ${userIds.alice}::uuid] end
      from generate_series(1, 100000) n`.execute(db);
    await sql`
      insert into member (room_id, user_id, role, joined_at)
      select ${numbered('01910000')}, ('01900000-0000-7000-8000-' || lpad(to_hex((n * 7 + seat * 131) % 1000), 12, '0'))::uuid, 'member', now()
      from generate_series(1, 100000) n, generate_series(1, 2) seat`.execute(db);
    await sql`insert into known_user select ${numbered('01900000')} from generate_series(1, 100000) n`.execute(db);
    await sql`analyze room, member, known_user`.execute(db);
  });
}, 120_000);

/** The id that ends with the number `n` of the statement. */
function numbered(prefix: string) {
  return sql.raw(`('${prefix}-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`);
}

const roomIds = Array.from({ length: 20 }, (_, index) => `01910000-0000-7000-8000-${(index * 4_999).toString(16).padStart(12, '0')}`);
const viewers = Array.from({ length: 4 }, (_, index) => `01900000-0000-7000-8000-${(index * 17).toString(16).padStart(12, '0')}`);

const pages = (descending: boolean): RoomPage[] =>
  (['public', 'own', 'private'] as const).flatMap((sight) =>
    viewers.map((viewerId) => ({ viewerId, sight, memberId: viewerId, after: startOf(undefined, { descending }), limit: 21 })),
  );
const sights = roomIds.map((roomId) => ({ viewerId: viewers[1]!, roomId }));
const memberPages = roomIds.map((roomId) => ({ roomId, after: startOf(undefined, { descending: false }), limit: 101 }));

it.each([
  ['a room', () => selectRooms(sights.slice(0, 1))],
  ['rooms', () => selectRooms(sights)],
  ['one page of visible rooms', () => selectVisible(pages(false).slice(5, 6), 'ascending')],
  ['visible rooms', () => selectVisible(pages(false), 'ascending')],
  ['visible rooms, newest first', () => selectVisible(pages(true), 'descending')],
  ['joinable rooms', () => selectJoinable(pages(false), 'ascending')],
  ['joinable rooms, newest first', () => selectJoinable(pages(true), 'descending')],
  ['rooms of a member', () => selectOfMember(pages(false), 'ascending')],
  ['rooms of a member, newest first', () => selectOfMember(pages(true), 'descending')],
  ['one page of rooms of a member by last activity', () => selectOfMember(pages(true).slice(5, 6), 'last-activity')],
  ['rooms of a member by last activity', () => selectOfMember(pages(true), 'last-activity')],
  ['members', () => selectMemberPages(memberPages, { descending: false })],
  ['members, newest first', () => selectMemberPages(memberPages, { descending: true })],
  ['a direct room', () => selectDirectRoom(database.db, [viewers[1]!, userIds.alice])],
  ['unknown users', () => selectUnknownUsers(viewers)],
  ['a room that something was said in', () => touchRoom(database.db as Tx, roomIds[3]!, new Date())],
])('%s: found among 100,000 without reading them all', async (_, query) => {
  expect(await sequentialScans(database.db, query())).toEqual([]);
});

it('a query without an index would be noticed', async () => {
  expect(await sequentialScans(database.db, database.db.selectFrom('room').selectAll().where('name', '=', 'Room 7'))).toEqual(['room']);
});
