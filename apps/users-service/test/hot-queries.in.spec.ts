import { sequentialScans, testDatabase, type TestDatabase } from '@facet/testing';
import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { migrations } from '../src/store/migrations.js';
import { selectProfiles, selectTaken } from '../src/store/profiles.js';
import type { Tables } from '../src/store/tables.js';

let database: TestDatabase<Tables>;

beforeAll(async () => {
  database = await testDatabase<Tables>({ schema: 'users', migrations });
  await sql`
    insert into profile (id, username, name, created_at, updated_at)
    select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'user' || n, 'User ' || n, now(), now()
    from generate_series(1, 100000) n`.execute(database.db);
  await sql`analyze profile`.execute(database.db);
});

const ids = Array.from({ length: 100 }, (_, index) => `01900000-0000-7000-8000-${(index * 997).toString(16).padStart(12, '0')}`);
const profiles = ids.map((id, index) => ({ id, username: `user${index}` }));

it.each([
  ['profiles by id', () => selectProfiles(database.db, ids)],
  ['usernames that are taken', () => selectTaken(database.db, profiles)],
])('%s are found among 100,000 without reading them all', async (_, query) => {
  expect(await sequentialScans(database.db, query())).toEqual([]);
});

it('a query without an index would be noticed', async () => {
  const unindexed = database.db.selectFrom('profile').selectAll().where('name', '=', 'User 7');
  expect(await sequentialScans(database.db, unindexed)).toEqual(['profile']);
});
