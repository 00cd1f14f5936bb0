import { newId, openDatabase } from '@facet/database';
import { EmbeddedPostgres } from '@facet/database/embedded';
import { createDatabase, dropDatabase, provision, urlOf } from '@facet/database/provision';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openState } from '../src/index.js';
import { PostgresState } from '../src/postgres-state.js';
import { describeState } from './state-suite.js';

const app = { role: 'web_bff', schema: 'web_bff', password: 'test' };
const offered = process.env['DATABASE_URL'];
let embedded: EmbeddedPostgres | undefined;
let server: string;
let name: string;
let options: { url: string; schema: string; applicationName: string };

beforeAll(async () => {
  embedded = offered ? undefined : await EmbeddedPostgres.start({ temporary: true, port: 0 });
  server = offered ?? embedded!.url;
  name = `facet_test_${newId().replaceAll('-', '')}`;
  const adminUrl = await createDatabase(server, name);
  await provision(adminUrl, [app]);
  options = { url: urlOf(adminUrl, app), schema: app.schema, applicationName: 'state-test' };
});
afterAll(async () => {
  if (offered) await dropDatabase(server, name);
  await embedded?.stop();
});

describeState('PostgreSQL', async () => ({
  open: () => openState({ databaseUrl: options.url, schema: app.schema, application: 'web-bff' }),
  close: async () => undefined,
}));

test('what has expired is removed, what has not stays', async () => {
  const state = await PostgresState.open(options);
  await Promise.all(Array.from({ length: 200 }, (_, n) => state.insert(`old ${n}`, Buffer.from('x'), -1)));
  await state.insert('young', Buffer.from('x'), 60_000);
  expect(await state.removeExpired()).toBeGreaterThanOrEqual(200);
  expect((await state.get('young'))!.value.toString()).toBe('x');
  expect(await state.removeExpired()).toBe(0);
  await state.close();
});

test('a database that does not answer in time is an outage, not an absent value', async () => {
  const state = await PostgresState.open({ ...options, deadlineMs: 100 });
  const db = openDatabase<unknown>(options);
  await db.transaction().execute(async (tx) => {
    await sql`lock table shared_state in access exclusive mode`.execute(tx);
    await expect(state.get('young')).rejects.toMatchObject({ code: 'dependency-unavailable', status: 503 });
    await expect(state.insert('other', Buffer.from('x'), 1_000)).rejects.toMatchObject({ code: 'dependency-unavailable' });
  });
  await expect.poll(() => state.get('young').then((kept) => kept?.value.toString())).toBe('x');
  await state.close();
  await db.destroy();
});

test('start-up fails with a line that says which database is away', async () => {
  const databaseUrl = 'postgres://nobody:secret@127.0.0.1:1/facet';
  await expect(openState({ databaseUrl, schema: 'web_bff', application: 'web-bff' })).rejects.toThrow(
    /^The shared state at 127\.0\.0\.1:1\/facet cannot be used: (?!.*secret)/,
  );
  await expect(openState({ schema: 'web_bff', application: 'web-bff' })).rejects.toThrow('web-bff needs REDIS_URL or DATABASE_URL');
});
