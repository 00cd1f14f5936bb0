import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate, openDatabase, type Database, type DatabaseOptions, type Migrations } from '../src/index.js';
import { freshDatabase, provisioned, rooms } from './server.js';

let options: DatabaseOptions;
let db: Database<unknown>;
let close: () => Promise<void>;

beforeAll(async () => {
  const fresh = await freshDatabase();
  options = await provisioned(fresh.adminUrl, rooms);
  db = openDatabase(options);
  close = () => db.destroy().then(() => fresh.close());
});
afterAll(() => close());

const step = (statement: string): Migrations[string] => ({ up: async (tx) => void (await sql.raw(statement).execute(tx)) });
const ran = async () =>
  (await sql<{ name: string }>`select name from kysely_migration order by timestamp, name`.execute(db)).rows.map(({ name }) => name);

test('replicas that start at the same time run each step once', async () => {
  const migrations = { '0001_a': step('create table a (id int)'), '0002_b': step('select pg_sleep(0.3)') };
  const replicas = Array.from({ length: 4 }, () => openDatabase<unknown>({ ...options, statementTimeoutMs: 100 }));
  await Promise.all(replicas.map((replica) => migrate(replica, migrations, options)));
  expect(await ran()).toEqual(['0001_a', '0002_b']);
  await Promise.all(replicas.map((replica) => replica.destroy()));
});

test('the list of what ran lies in the schema of the application', async () => {
  const { rows } = await sql`select schemaname from pg_tables where tablename = 'kysely_migration'`.execute(db);
  expect(rows).toEqual([{ schemaname: 'rooms' }]);
});

test('a step of a library that sorts before what ran is run all the same', async () => {
  const migrations = { '0000_outbox': step('create table o (id int)'), '0001_a': step(''), '0002_b': step('') };
  await migrate(db, migrations, options);
  expect(await ran()).toContain('0000_outbox');
});

test('a step that fails is thrown, leaves nothing behind, and is run again next time', async () => {
  const before = { '0000_outbox': step(''), '0001_a': step(''), '0002_b': step('') };
  await expect(migrate(db, { ...before, '0003_c': step('create table c (id int)'), '0004_d': step('nonsense') }, options)).rejects.toThrow(
    'syntax error',
  );
  await migrate(db, { ...before, '0003_c': step('create table c (id int)'), '0004_d': step('create table d (id int)') }, options);
  expect(await ran()).toContain('0004_d');
});
