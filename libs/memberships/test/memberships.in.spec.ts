import { MemberJoined, MemberLeft, MemberRole, RoomCreated, RoomDeleted, RoomType } from '@facet/contracts/rooms';
import { newId, type Database } from '@facet/database';
import { event, Events, inboxMigrations } from '@facet/events';
import { sequentialScans, testDatabase, userIds, type TestDatabase } from '@facet/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { accessQuery } from '../src/room-access.js';
import { findAccess, membershipHandlers, membershipMigrations, type MembershipTables } from '../src/index.js';

const { alice, bob, carol } = userIds;
const joinedAt = new Date('2026-01-02T03:04:05Z');
let database: TestDatabase<MembershipTables>;
let events: Events;
let roomId: string;

beforeAll(async () => {
  database = await testDatabase({ schema: 'presence', migrations: { ...inboxMigrations, ...membershipMigrations } });
  events = new Events(
    { service: 'presence-service', brokers: [], publishes: false, consume: { handlers: membershipHandlers() } },
    {
      db: database.db as unknown as Database<unknown>,
      database: { ...database, applicationName: 'memberships-test' },
      report: () => undefined,
    },
  );
  await events.start();
});

afterAll(() => events.close());

beforeEach(async () => {
  roomId = newId();
  const members = [{ userId: alice, role: MemberRole.MEMBER_ROLE_ADMIN, joinedAt }];
  const created = { roomId, type: RoomType.ROOM_TYPE_PRIVATE, name: 'engineering', createdBy: alice, members, createdAt: joinedAt };
  await database.emit([event(RoomCreated, { key: roomId }, created)]);
  await events.flush();
});

const accessOf = async (userId: string) => (await findAccess(database.db, [{ roomId, userId }]))[0];

test('a room is known with its first members once its creation was consumed', async () => {
  expect(await accessOf(alice)).toEqual({ roomId, type: 'private', createdBy: alice, role: 'admin', joinedAt });
  expect(await accessOf(bob)).toEqual({ roomId, type: 'private', createdBy: alice, role: undefined, joinedAt: undefined });
});

test('who joined is a member, who left is none', async () => {
  const join = { roomId, member: { userId: bob, role: MemberRole.MEMBER_ROLE_MEMBER, joinedAt } };
  await database.emit([event(MemberJoined, { key: roomId }, join)]);
  await events.flush();
  expect(await accessOf(bob)).toMatchObject({ role: 'member', joinedAt });
  await database.emit([event(MemberLeft, { key: roomId }, { roomId, userId: bob, leftAt: joinedAt })]);
  await events.flush();
  expect((await accessOf(bob))?.role).toBeUndefined();
});

test('a deleted room is like one that never was', async () => {
  await database.emit([event(RoomDeleted, { key: roomId }, { roomId, deletedAt: joinedAt })]);
  await events.flush();
  expect(await accessOf(alice)).toBeUndefined();
});

test('many pairs are answered by position, unknown rooms included, equal pairs each', async () => {
  const unknown = newId();
  const pairs = [
    { roomId: unknown, userId: alice },
    { roomId, userId: alice },
    { roomId, userId: carol },
    { roomId, userId: alice },
  ];
  expect((await findAccess(database.db, pairs)).map((access) => access && (access.role ?? 'none'))).toEqual([
    undefined,
    'admin',
    'none',
    'admin',
  ]);
});

test('access is looked up by index among 100,000 members', async () => {
  await sql`insert into known_room select gen_random_uuid(), 'public', ${alice}, false from generate_series(1, 5000)`.execute(database.db);
  await sql`insert into known_member select id, gen_random_uuid(), 'member', now() from known_room, generate_series(1, 20) limit 100000`.execute(
    database.db,
  );
  await sql`analyze known_room, known_member`.execute(database.db);
  expect(await sequentialScans(database.db, accessQuery([{ roomId, userId: alice }]))).toEqual([]);
});
