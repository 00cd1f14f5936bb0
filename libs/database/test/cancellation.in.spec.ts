import { ProblemError } from '@facet/errors';
import { sql } from 'kysely';
import { getEventListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openDatabase, within, type Database } from '../src/index.js';
import { freshDatabase, provisioned, rooms } from './server.js';

let db: Database<unknown>;
let admin: Database<unknown>;
let close: () => Promise<void>;

beforeAll(async () => {
  const fresh = await freshDatabase();
  db = openDatabase({ ...(await provisioned(fresh.adminUrl, rooms)), poolSize: 1, statementTimeoutMs: 20_000 });
  admin = openDatabase({ url: fresh.adminUrl, schema: 'public', applicationName: 'admin' });
  close = async () => {
    await Promise.all([db.destroy(), admin.destroy()]);
    await fresh.close();
  };
});
afterAll(() => close());

const sleep = sql`select pg_sleep(30)`;
const running = async () => {
  const { rows } = await sql<{ count: number }>`select count(*) as count from pg_stat_activity
    where application_name = 'rooms-test' and state = 'active' and query like 'select pg_sleep%'`.execute(admin);
  return rows[0]?.count ?? 0;
};
const until = async (reached: () => Promise<boolean>) => {
  while (!(await reached())) await pause(5);
};
const living = (ms = 10_000) => ({ deadline: Date.now() + ms, signal: new AbortController().signal });

test('at the deadline the caller hears at once, and the statement ends in the server', async () => {
  await expect(sleep.execute(db, within(living(100)))).rejects.toMatchObject({ code: 'deadline-exceeded' });
  await until(async () => (await running()) === 0);
});

test('a statement ends in the server when nobody waits any more', async () => {
  const controller = new AbortController();
  const result = sleep.execute(db, within({ ...living(), signal: controller.signal }));
  const refused = expect(result).rejects.toMatchObject({ code: 'client-closed-request' });
  await until(async () => (await running()) === 1);
  controller.abort();
  await refused;
  await until(async () => (await running()) === 0);
});

test('a statement within a transaction ends in the server, and the transaction is rolled back', async () => {
  await sql`create table note (id int)`.execute(db);
  const controller = new AbortController();
  const result = db.transaction().execute(async (tx) => {
    await sql`insert into note values (1)`.execute(tx);
    await sleep.execute(tx, within({ ...living(), signal: controller.signal }));
  });
  const refused = expect(result).rejects.toMatchObject({ code: 'client-closed-request' });
  await until(async () => (await running()) === 1);
  controller.abort();
  await refused;
  expect((await sql`select * from note`.execute(db)).rows).toEqual([]);
});

test('the next statement on the connection is not hit by the cancel of the one before', async () => {
  for (let round = 0; round < 30; round += 1) {
    const controller = new AbortController();
    const first = sql`select pg_sleep(0.03)`.execute(db, within({ ...living(), signal: controller.signal }));
    first.catch(() => undefined);
    await pause(10 + round);
    controller.abort();
    await first.catch(() => undefined);
    await sql`select pg_sleep(0.01)`.execute(db);
  }
});

test('who has no time left starts no statement', async () => {
  const gone = AbortSignal.abort(new ProblemError('client-closed-request'));
  await expect(sleep.execute(db, within({ ...living(), signal: gone }))).rejects.toMatchObject({ code: 'client-closed-request' });
  expect(await running()).toBe(0);
});

test('what waited for a connection until its time was over is not run', async () => {
  await sql`create table mark (id int)`.execute(db);
  const [busy, waiting] = [new AbortController(), new AbortController()];
  const first = sleep.execute(db, within({ ...living(), signal: busy.signal })).catch(() => undefined);
  await until(async () => (await running()) === 1);
  const second = sql`insert into mark values (1)`.execute(db, within({ ...living(), signal: waiting.signal }));
  const refused = expect(second).rejects.toMatchObject({ code: 'client-closed-request' });
  waiting.abort();
  await refused;
  busy.abort();
  await first;
  expect((await sql`select * from mark`.execute(db)).rows).toEqual([]);
});

test('what is to end before it begins is not run', async () => {
  const statement = sleep.execute(db, within({ ...living(), deadline: Date.now() }));
  await expect(statement).rejects.toMatchObject({ code: 'deadline-exceeded' });
  expect(await running()).toBe(0);
});

test('a context with an ending of its own is not asked for a signal', async () => {
  const listeners: { end(reason: unknown): void }[] = [];
  const ending = { add: (listener: (typeof listeners)[number]) => listeners.push(listener) };
  const context = {
    deadline: Date.now() + 10_000,
    ending,
    get signal(): AbortSignal {
      throw new Error('It was asked for.');
    },
  };
  const result = sleep.execute(db, within(context));
  const refused = expect(result).rejects.toMatchObject({ code: 'client-closed-request' });
  await until(async () => (await running()) === 1);
  for (const listener of listeners) listener.end('gone');
  await refused;
  await until(async () => (await running()) === 0);
});

test('neither a statement nor a context leaves anything behind', async () => {
  const [started, cleared] = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'clearTimeout')];
  const controller = new AbortController();
  const context = { deadline: Date.now() + 600_000, signal: controller.signal };
  await sql`select 1`.execute(db, within(context));
  await sql`select 2`.execute(db, within(context));
  expect(getEventListeners(within(context).signal, 'abort')).toEqual([]);

  controller.abort();
  const timers = started.mock.results.filter((_, at) => Number(started.mock.calls[at]?.[1]) > 500_000);
  expect(timers).toHaveLength(1);
  expect(cleared).toHaveBeenCalledWith(timers[0]?.value);
  vi.restoreAllMocks();
});

test('a statement that finishes in time gives its rows', async () => {
  const { rows } = await sql<{ n: number }>`select 1::bigint as n`.execute(db, within(living()));
  expect(rows).toEqual([{ n: 1 }]);
});

test('a bigint beyond what a number holds is refused, not rounded', async () => {
  await expect(sql`select 9007199254740993::bigint as n`.execute(db)).rejects.toThrow('too large');
});

test('without a context the statement timeout is the belt', async () => {
  const { adminUrl, close: drop } = await freshDatabase();
  const hasty = openDatabase<unknown>({ ...(await provisioned(adminUrl, rooms)), statementTimeoutMs: 50 });
  await expect(sleep.execute(hasty)).rejects.toMatchObject({ code: 'deadline-exceeded' });
  await hasty.destroy();
  await drop();
});

test('a server that is away is a dependency that is unavailable', async () => {
  const away = openDatabase<unknown>({ url: 'postgres://x:y@127.0.0.1:1/z', schema: 'x', applicationName: 'away' });
  await expect(sql`select 1`.execute(away)).rejects.toMatchObject({ code: 'dependency-unavailable' });
  await away.destroy();
});

test('a connection that the server closed under a statement is a dependency that is unavailable, and the next one works', async () => {
  const result = sleep.execute(db);
  const refused = expect(result).rejects.toMatchObject({ code: 'dependency-unavailable' });
  await until(async () => (await running()) === 1);
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'rooms-test'`.execute(admin);
  await refused;
  await sql`select 1`.execute(db);
});
