import { userIds } from '@facet/testing';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { AuditTrail } from '../src/audit/audit-trail.js';
import { Upkeep } from '../src/upkeep/upkeep.js';
import { runCommand } from '../src/upkeep/run-command.js';
import { ask, browserAt, enter, redirects } from './clients.js';
import { inDemoWorld, type DemoWorld } from './demo-world.js';
import { encryptionKeys, rootKey } from './start-identity.js';

let world: DemoWorld;
inDemoWorld((ready) => (world = ready));
let begun: string;
beforeEach(async () => {
  for (const table of ['attempt', 'audit_delayed', 'code_limit'] as const) await world.database.db.deleteFrom(table).execute();
  begun = new Date().toISOString();
});

const delayed = async () => {
  const lines = await runCommand('audit', world.database.db, { ENCRYPTION_KEYS: encryptionKeys, ROOT_KEY: rootKey }, ['--since', begun]);
  const rows = lines
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return rows.filter(({ outcome }) => outcome === 'delayed').reverse();
};
const upkeep = () => world.identity.app.get(Upkeep, { strict: false }).run();
const endWindows = () => sql`update audit_delayed set until = now() - interval '1 second'`.execute(world.database.db);
const blockEverything = () => sql`update attempt set blocked_until = now() + interval '1 hour'`.execute(world.database.db);
const signInPage = async () => {
  const browser = browserAt(world.identity, { 'user-agent': 'a flood' });
  return { browser, page: await browser.get((await ask(world.web, redirects.web)).url) };
};

describe('what is delayed', () => {
  it('of one name is told of once, and then how often, with whose name it is', async () => {
    const audit = world.identity.app.get(AuditTrail, { strict: false });
    const delay = { subject: 'a name', byName: true, waitSeconds: 10 };
    const tell = () =>
      audit.record(world.database.db, { event: 'second-step', about: 'app', accountId: userIds.carol, tried: 'carol', delay });
    await Promise.all(Array.from({ length: 31 }, tell));
    const first = await delayed();
    expect(first).toMatchObject([{ count: 1, accountId: userIds.carol }]);
    await upkeep();
    expect(await delayed()).toEqual(first);
    await endWindows();
    await upkeep();
    const [, counted, ...more] = await delayed();
    expect(counted).toMatchObject({
      event: 'second-step',
      about: 'app',
      count: 30,
      accountId: userIds.carol,
      triedHash: first[0]!.triedHash,
    });
    expect(more).toEqual([]);
  });

  it('of one address is two rows, however many names it tries, and the second is nobody’s', async () => {
    const { browser, page } = await signInPage();
    await enter(browser, page, 'dave', 'not the password');
    await blockEverything();
    for (let count = 0; count < 20; count++) expect((await enter(browser, page, `name-${count}`, 'x')).status).toBe(429);
    await endWindows();
    await upkeep();
    const rows = await delayed();
    expect(rows.map(({ count, triedHash }) => [count, triedHash !== null])).toEqual([
      [1, true],
      [19, false],
    ]);
    expect(rows[1]).toMatchObject({
      event: 'sign-in',
      about: 'password',
      address: '127.0.0.1',
      agent: 'a flood',
      requestId: null,
      accountId: null,
    });
  });

  it('once is one row; and once more in the next window another', async () => {
    const { browser, page } = await signInPage();
    await enter(browser, page, 'bob', 'not the password');
    await blockEverything();
    for (const round of [1, 2]) {
      await enter(browser, page, 'bob', 'not the password');
      await endWindows();
      await upkeep();
      expect((await delayed()).map(({ count }) => count)).toEqual(Array(round).fill(1));
    }
  });

  it('is counted once for all replicas, and lost by none that ends', async () => {
    const { browser, page } = await signInPage();
    await enter(browser, page, 'bob', 'not the password');
    await blockEverything();
    for (let count = 0; count < 5; count++) await enter(browser, page, 'bob', 'not the password');
    await endWindows();
    await Promise.all([upkeep(), upkeep(), upkeep()]);
    expect((await delayed()).map(({ count }) => count)).toEqual([1, 4]);
    expect(await world.database.db.selectFrom('audit_delayed').selectAll().execute()).toEqual([]);
  });

  it('of codes is counted too', async () => {
    const browser = browserAt(world.identity);
    const page = await browser.get((await ask(world.web, redirects.web)).url);
    const forgotten = await browser.get(`${page.url}/forgotten`);
    for (let count = 0; count < 12; count++) await browser.submit(forgotten, '/forgotten', { email: 'carol@demo.example' });
    await endWindows();
    await upkeep();
    expect((await delayed()).map(({ event, count }) => [event, count])).toEqual([
      ['password-reset', 1],
      ['password-reset', 6],
    ]);
  });
});

it('somebody’s data tell of his security events, how often each, and of nobody else’s', async () => {
  const browser = browserAt(world.identity);
  const home = await enter(browser, await browser.get('https://identity.test/account'), 'gina');
  const events = (JSON.parse((await browser.submit(home, '/account/export')).body) as { securityEvents: Record<string, unknown>[] })
    .securityEvents;
  expect(events[0]).toMatchObject({ event: 'sign-in', about: 'password', outcome: 'ok', address: '127.0.0.1', count: 1 });
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from audit_event where account_id = ${userIds.gina}`.execute(
    world.database.db,
  );
  expect(events).toHaveLength(rows[0]!.count);
});
