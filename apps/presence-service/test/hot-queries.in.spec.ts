import { sequentialScans, testDatabase, type TestDatabase } from '@facet/testing';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { deleteEndedLeases, deleteEndedTyping, selectOnline } from '../src/store/leases.js';
import { migrations } from '../src/store/migrations.js';
import type { Tables } from '../src/store/tables.js';

let database: TestDatabase<Tables>;

/** 100,000 leases, some of them ended, and 2,000 rooms of 100 members. */
beforeAll(async () => {
  database = await testDatabase<Tables>({ schema: 'presence', migrations });
  await database.db.connection().execute(async (db) => {
    await sql`set statement_timeout = 0`.execute(db);
    await sql`insert into lease select ${numbered('01900000')}, 'online', now() + (n - 500) * interval '1 second' from generate_series(1, 100000) n`.execute(
      db,
    );
    await sql`insert into known_room select ${numbered('01910000')}, 'public', ${numbered('01900000')} from generate_series(1, 100000) n`.execute(
      db,
    );
    await sql`
      insert into known_member
      select ${numbered('01910000')}, ('01900000-0000-7000-8000-' || lpad(to_hex(n * 50 + seat), 12, '0'))::uuid, 'member', now()
      from generate_series(1, 2000) n, generate_series(1, 100) seat`.execute(db);
    await sql`insert into typing select room_id, user_id, now() + (row_number() over () - 500) * interval '1 second' from known_member`.execute(
      db,
    );
    await sql`analyze lease, known_room, known_member, typing`.execute(db);
  });
}, 120_000);

/** The id that ends with the number `n` of the statement. */
function numbered(prefix: string) {
  return sql.raw(`('${prefix}-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`);
}

const roomIds = Array.from({ length: 20 }, (_, index) => `01910000-0000-7000-8000-${(index * 97 + 1).toString(16).padStart(12, '0')}`);

it.each([
  ['who is online in a room', () => selectOnline(roomIds.slice(0, 1), new Date())],
  ['who is online in the rooms of a screen', () => selectOnline(roomIds, new Date())],
  ['ended leases', () => deleteEndedLeases(new Date(), 1_000)],
  ['ended typing', () => deleteEndedTyping(new Date(), 1_000)],
])('%s: found among 100,000 without reading them all', async (_, query) => {
  expect(await sequentialScans(database.db, query())).toEqual([]);
});

it('a query without an index would be noticed', async () => {
  expect(await sequentialScans(database.db, database.db.selectFrom('lease').selectAll().where('status', '=', 'away'))).toEqual(['lease']);
});
