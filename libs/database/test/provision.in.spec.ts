import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, type Database } from '../src/index.js';
import { createDatabase, provision, urlOf } from '../src/provision.js';
import { freshDatabase, rooms, users } from './server.js';

let adminUrl: string;
let close: () => Promise<void>;
let asRooms: Database<unknown>;
let asUsers: Database<unknown>;

beforeAll(async () => {
  const fresh = await freshDatabase();
  ({ adminUrl } = fresh);
  await provision(adminUrl, [rooms, users]);
  asRooms = openDatabase({ url: urlOf(adminUrl, rooms), schema: 'rooms', applicationName: 'test' });
  asUsers = openDatabase({ url: urlOf(adminUrl, users), schema: 'users', applicationName: 'test' });
  await sql`create table profile (id int)`.execute(asUsers);
  await sql`create function secret() returns int language sql as 'select 1'`.execute(asUsers);
  close = async () => {
    await Promise.all([asRooms.destroy(), asUsers.destroy()]);
    await fresh.close();
  };
});
afterAll(() => close());

test('a role makes what it likes in its own schema', async () => {
  await sql`create table room (id int)`.execute(asRooms);
  await sql`insert into rooms.room values (1)`.execute(asRooms);
  expect((await sql`select * from room`.execute(asRooms)).rows).toEqual([{ id: 1 }]);
});

test.each([
  ['reads another schema', 'select * from users.profile'],
  ['writes another schema', 'insert into users.profile values (1)'],
  ['calls a function of another schema', 'select users.secret()'],
  ['creates in another schema', 'create table users.mine (id int)'],
  ['creates in public', 'create table public.mine (id int)'],
  ['makes a schema', 'create schema mine'],
  ['makes a temporary table', 'create temporary table mine (id int)'],
  ['makes a role', 'create role mine'],
  ['makes a database', 'create database mine'],
  ['becomes another role', 'set role users_service'],
  ['grants itself more', 'grant users_service to rooms_service'],
  ['drops another schema', 'drop schema users cascade'],
  ['reads the passwords', 'select * from pg_authid'],
  ['reads files of the server', `select pg_read_file('/etc/passwd')`],
  ['ends sessions of others', `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'users_service'`],
])('a role never %s', async (_, statement) => {
  await sql`select 1`.execute(asUsers);
  await expect(sql.raw(statement).execute(asRooms)).rejects.toThrow(/permission (denied|to)|must (be|have) /i);
});

test('provisioning again changes nothing but the password', async () => {
  await provision(adminUrl, [{ ...rooms, password: 'another' }, users]);
  const db = openDatabase<unknown>({
    url: urlOf(adminUrl, { role: rooms.role, password: 'another' }),
    schema: 'rooms',
    applicationName: 'test',
  });
  await expect(sql`select 1`.execute(db)).resolves.toMatchObject({ rows: [expect.anything()] });
  await db.destroy();
  await provision(adminUrl, [rooms]);
});

test('databases of one server can be provisioned at the same time', async () => {
  const names = ['one', 'two', 'three', 'four'].map((name) => `${new URL(adminUrl).pathname.slice(1)}_${name}`);
  await Promise.all(names.map(async (name) => provision(await createDatabase(adminUrl, name), [rooms, users])));
  const admin = openDatabase<unknown>({ url: adminUrl, schema: 'public', applicationName: 'admin' });
  for (const name of names) await sql`drop database ${sql.id(name)} with (force)`.execute(admin);
  await admin.destroy();
});

test('a password with every awkward character works', async () => {
  const password = `it's "a" \\ $$ %40 @:/?#`;
  await provision(adminUrl, [{ role: 'awkward_service', schema: 'awkward', password }]);
  const url = urlOf(adminUrl, { role: 'awkward_service', password });
  const db = openDatabase<unknown>({ url, schema: 'awkward', applicationName: 'test' });
  await sql`select 1`.execute(db);
  await db.destroy();
});
