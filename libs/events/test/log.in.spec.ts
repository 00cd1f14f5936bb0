import { openDatabase } from '@facet/database';
import { sql } from 'kysely';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { event, Events, on, publish, topicOf, type EventCodec } from '../src/index.js';
import { appendToLog, provisionEvents } from '../src/provision.js';
import { describeEvents } from './bus-suite.js';
import { describeWatch, until as soon, watching } from './watch-suite.js';
import { World, type Said, type Tables } from './world.js';

describeEvents('the log', []);
describeWatch('the log', []);

let world: World;
beforeAll(async () => void (world = await World.create([])));
afterAll(() => world.close());

const said1 = (said: EventCodec<Said>) => ({ ...event(said, { key: 'a' }, { key: 'a', n: 1 }), source: 'rooms-service' });
const adminDatabase = () => {
  const admin = openDatabase<unknown>({ url: world.adminUrl, schema: 'public', applicationName: 'admin' });
  world.closing(() => admin.destroy());
  return admin;
};
const until = async (reached: () => Promise<boolean>) => {
  while (!(await reached())) await pause(10);
};

test('a member that loses its connections in the middle of an effect leaves no half of it, and the other one takes over', async () => {
  const said = await world.said();
  const admin = adminDatabase();
  const dying = world.participant('presence', 'dying');
  const living = world.participant('presence', 'living');
  const entered = Promise.withResolvers<void>();
  const hanging = on<Said, Tables>(said, async ({ key, n }, tx) => {
    await tx
      .insertInto('effect')
      .values({ who: 'dying', key, n } as never)
      .execute();
    entered.resolve();
    await sql`select pg_sleep(60)`.execute(tx);
  });
  const quick = on<Said, Tables>(
    said,
    async ({ key, n }, tx) =>
      void (await tx
        .insertInto('effect')
        .values({ who: 'living', key, n } as never)
        .execute()),
  );
  const membership = (handler: typeof quick) => ({
    service: 'presence-service',
    brokers: [],
    publishes: false,
    consume: { handlers: [handler] },
  });
  const one = new Events(membership(hanging), { ...dying, db: dying.db as never });
  const other = new Events(membership(quick), { ...living, db: living.db as never });
  world.closing(() => other.close());

  await one.start();
  const record = { ...event(said, { key: 'a' }, { key: 'a', n: 1 }), source: 'rooms-service' };
  await appendToLog(world.participant('rooms').db, [record]);
  await entered.promise;
  await other.start();
  const stopped = one.stopConsuming();
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'dying%'`.execute(admin);
  await stopped;
  await until(async () => (await living.db.selectFrom('effect').selectAll().execute()).length > 0);
  expect(await living.db.selectFrom('effect').select(['who', 'n']).execute()).toEqual([{ who: 'living', n: 1 }]);
  await one.close();
});

test('a publisher that loses its connections publishes again as soon as it has new ones', async () => {
  const said = await world.said();
  const admin = adminDatabase();
  const publisher = world.participant('rooms', 'unlucky');
  const events = new Events({ service: 'rooms-service', brokers: [], publishes: true }, { ...publisher, db: publisher.db as never });
  world.closing(() => events.close());
  await events.start();
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'unlucky%'`.execute(admin);
  await until(() =>
    publisher.db
      .transaction()
      .execute((tx) => publish(tx, [event(said, { key: 'a' }, { key: 'a', n: 1 })]))
      .then(
        () => true,
        () => false,
      ),
  );
  await events.flush();
  const { rows } = await sql`select last_position from events.topic where name = ${topicOf(said.$type)}`.execute(admin);
  expect(rows).toEqual([{ last_position: 1 }]);
});

test('a watch whose connections are replaced at once misses nothing and never was blind', async () => {
  const said = await world.said();
  const admin = adminDatabase();
  const { told } = await watching(world, said, world.source('replaced'));
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'replaced%'`.execute(admin);
  await appendToLog(world.participant('rooms').db, [said1(said)]);
  await soon(() => told.length > 1);
  expect(told).toEqual(['began', 1]);
});

test('a watch that the database does not let in any more says that it is blind, and sees again what comes after it was told that it sees', async () => {
  const said = await world.said();
  const admin = adminDatabase();
  const { told } = await watching(world, said, world.source('blinded'));
  await sql`alter role mobile_bff nologin`.execute(admin);
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'blinded%'`.execute(admin);
  await soon(() => told.includes('lost'));
  await appendToLog(world.participant('rooms').db, [said1(said)]);
  await sql`alter role mobile_bff login`.execute(admin);
  await soon(() => told.length === 3);
  await appendToLog(world.participant('rooms').db, [said1(said)]);
  await soon(() => told.length === 4);
  expect(told).toEqual(['began', 'lost', 'began', 1]);
});

test('one that looks back goes on where it was before it was blind', async () => {
  const said = await world.said();
  const admin = adminDatabase();
  const append = (n: number) =>
    appendToLog(world.participant('rooms').db, [{ ...event(said, { key: 'a' }, { key: 'a', n }), source: 'rooms-service' }]);
  await append(1);
  const { told } = await watching(world, said, world.source('patient'), 60_000);
  await append(2);
  await soon(() => told.includes(2));
  await sql`alter role mobile_bff nologin`.execute(admin);
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'patient%'`.execute(admin);
  await soon(() => told.includes('lost'));
  await append(3);
  await sql`alter role mobile_bff login`.execute(admin);
  await soon(() => told.filter((each) => each === 'began').length === 2);
  expect(told).toEqual([1, 'began', 2, 'lost', 3, 'began']);
});

test('what was appended late is seen from the moment of that, however long ago it happened', async () => {
  const said = await world.said();
  const append = (n: number, time: Date) =>
    appendToLog(world.participant('rooms').db, [{ ...event(said, { key: 'a', time }, { key: 'a', n }), source: 'rooms-service' }]);
  await append(1, new Date());
  await pause(20);
  const since = Date.now();
  await append(2, new Date());
  await append(3, new Date(since - 3_600_000));
  const { told } = await watching(world, said, world.source(), Date.now() - since);
  expect(told).toEqual([2, 3, 'began']);
});

test('a log from before records said when they were appended is provisioned anew, and what it has counts as old', async () => {
  const said = await world.said();
  const admin = adminDatabase();
  await appendToLog(world.participant('rooms').db, [said1(said)]);
  await sql`alter table events.record drop column recorded_at cascade`.execute(admin);
  await provisionEvents(world.adminUrl, { topics: [], roles: [] });
  await appendToLog(world.participant('rooms').db, [{ ...event(said, { key: 'a' }, { key: 'a', n: 2 }), source: 'rooms-service' }]);
  const { told } = await watching(world, said, world.source(), 3_600_000);
  expect(told).toEqual([2, 'began']);
});

test.each([
  ['read a topic that it was not named for', `select events.read('facet.rooms.v1', 0, 1)`],
  ['read what was put aside', `select events.read('facet.rooms.v1.dlq', 0, 1)`],
  ['read the tables of the log', 'select * from events.record'],
  ['append', `select events.append('facet.rooms.v1', '{}', '{}', '{}', '{}', '{}', '{}', '{}')`],
  ['join a group, not even of its own name', `select events.join_group('mobile-bff', 'facet.rooms.v1')`],
  ['make a table', 'create table events.mine (n int)'],
  ['read what a service owns', 'select * from rooms.effect'],
])('a role that only watches cannot %s', async (_, statement) => {
  const db = openDatabase<unknown>({ url: world.source().databaseUrl ?? '', schema: 'events', applicationName: 'mobile-bff' });
  world.closing(() => db.destroy());
  await expect(sql.raw(statement).execute(db)).rejects.toMatchObject({ code: '42501' });
});

test.each([
  ['read the tables of the log', 'select * from events.record'],
  ['write the tables of the log', `insert into events.topic values ('mine', 'presence_service')`],
  ['move the group of another', `select events.advance('rooms-service', 'facet.rooms.v1', 5)`],
  ['join the group of another', `select events.join_group('rooms-service', 'facet.rooms.v1')`],
  ['put aside events for the group of another', `select events.dead_letter('rooms-service', 'facet.rooms.v1', 1, 'no')`],
  ['append to the topic of another', `select events.append('facet.rooms.v1', '{}', '{}', '{}', '{}', '{}', '{}', '{}')`],
  ['append to a topic that does not exist', `select events.append('facet.nowhere.v1', '{}', '{}', '{}', '{}', '{}', '{}', '{}')`],
  ['become the owner of the log', 'set role facet_events'],
])('a role cannot %s', async (_, statement) => {
  await provisionEvents(world.adminUrl, { topics: [{ name: 'facet.rooms.v1', owner: 'rooms_service' }], roles: [] });
  const { db } = world.participant('presence');
  await expect(sql.raw(statement).execute(db)).rejects.toMatchObject({ code: '42501' });
});

test('provisioning again keeps what is in the log', async () => {
  const said = await world.said();
  const { db } = world.participant('rooms');
  await appendToLog(db, [{ ...event(said, { key: 'a' }, { key: 'a', n: 1 }), source: 'rooms-service' }]);
  await provisionEvents(world.adminUrl, { topics: [{ name: topicOf(said.$type), owner: 'rooms_service' }], roles: ['rooms_service'] });
  const { rows } = await sql`select events.last_position(${topicOf(said.$type)}) as position`.execute(db);
  expect(rows).toEqual([{ position: 1 }]);
});
