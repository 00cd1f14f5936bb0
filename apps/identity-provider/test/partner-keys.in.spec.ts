import { partnerKeyKind } from '@facet/auth';
import { Revoked } from '@facet/contracts/revocations';
import { userIds, type TestDatabase } from '@facet/testing';
import { Secret, TOTP } from 'otpauth';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Tables } from '../src/store/tables.js';
import { removeExpired } from '../src/upkeep/remove-expired.js';
import { runCommand } from '../src/upkeep/run-command.js';
import type { Browser, Visit } from './browser.js';
import { browserAt, enter } from './clients.js';
import { demoWorld, encryptionKeys, identityDatabase, issuer, partner, rootKey, startIdentity, type Identity } from './start-identity.js';

let database: TestDatabase<Tables>;
let identity: Identity;
let app: TOTP;
/** Where alice set up her app: signed in by her password alone. */
let halfProven: Browser;
const keysPage = `${issuer}/account/keys`;
const newKeyPage = `${keysPage}/new?client=${partner.clientId}`;
const command = (name: string, ...options: string[]) =>
  runCommand(name, database.db, { ENCRYPTION_KEYS: encryptionKeys, ROOT_KEY: rootKey, FACET_ENV: 'development' }, options);
const client = ['--client', partner.clientId];
const keysOf = async () =>
  (await command('list-keys', ...client))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const makeKey = (...options: string[]) =>
  command('create-key', ...client, '--name', 'Nightly export', '--scopes', 'read:rooms', ...options);

beforeAll(async () => {
  database = await identityDatabase();
  identity = await startIdentity(database);
  await identity.post('/dev/accounts', demoWorld());
  await command('add-partner-admin', '--who', 'alice', ...client);
  await command('add-partner-admin', '--who', 'bob', ...client);
  halfProven = browserAt(identity);
  app = await enrolApp(halfProven, 'alice');
});
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() }));
afterEach(async () => {
  vi.useRealTimers();
  await database.db.deleteFrom('partner_key').execute();
  await database.db.deleteFrom('attempt').execute();
});
afterAll(() => identity.stop());

async function enrolApp(browser: Browser, login: string): Promise<TOTP> {
  const begun = await browser.submit(await signedIn(browser, login), '/account/totp/begin');
  const totp = new TOTP({ secret: Secret.fromBase32(/<code>([A-Z2-7]+)<\/code>/.exec(begun.body)![1]!) });
  await browser.submit(begun, '/account/totp/confirm', { code: totp.generate() });
  return totp;
}
/** A code that was not used yet: as if the steps of others lay in the past. */
async function nextCode(): Promise<string> {
  await database.db.updateTable('totp').set({ last_step: 0 }).execute();
  // The application was started before a test moved the clock.
  return app.generate({ timestamp: performance.timeOrigin + performance.now() });
}
async function signedIn(browser: Browser, login: string): Promise<Visit> {
  const arrived = await enter(browser, await browser.get(`${issuer}/account`), login);
  return arrived.url.startsWith(`${issuer}/account`) ? arrived : browser.submit(arrived, '/second-factor', { code: await nextCode() });
}
/** Alice, who has proved both factors. */
async function alice(headers?: Record<string, string>): Promise<Browser> {
  const browser = browserAt(identity, headers);
  await signedIn(browser, 'alice');
  return browser;
}
const form = { name: 'Nightly export', days: '90', networks: '' };
/** Fills in the form for a new key, with the scopes that are ticked. */
async function fillIn(browser: Browser, fields: Record<string, string> = {}, scopes = ['read:rooms']): Promise<Visit> {
  const page = await browser.get(newKeyPage);
  const form_token = /name="form_token" value="([^"]+)"/.exec(page.body)![1]!;
  const ticked = Object.fromEntries(scopes.map((scope) => [`scope:${scope}`, 'on']));
  return browser.post(`${keysPage}/new`, { form_token, client: partner.clientId, ...form, ...ticked, ...fields });
}
const keyIn = ({ body }: Visit) => /<code>(facet_test_[^<]+)<\/code>/.exec(body)?.[1];

describe('the pages of partner keys', () => {
  it('show a new key once, keep a hash of it, and are not kept by any cache', async () => {
    const browser = await alice();
    const empty = await browser.get(keysPage);
    expect(empty.body).toContain('There are no keys yet.');
    const made = await fillIn(browser, { networks: '192.0.2.0/24\n2001:DB8::1' }, ['read:rooms', 'write:messages']);
    const key = keyIn(made)!;
    expect(partnerKeyKind(key)).toBe('test');
    expect([made.status, made.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const list = await browser.get(keysPage);
    for (const text of [
      'Nightly export',
      key.slice(0, 15),
      'read:rooms, write:messages',
      '192.0.2.0/24, 2001:db8::1/128',
      'by alice',
      'last used: never',
    ])
      expect(list.body).toContain(text);
    const { rows } = await sql<{ row: string }>`
      select partner_key::text as row from partner_key union all select audit_event::text from audit_event`.execute(database.db);
    for (const text of [list.body, ...rows.map(({ row }) => row)]) expect(text).not.toContain(key.slice(15));
  });

  it('list when a key was last used and when it ends, and tell of those that have ended', async () => {
    await makeKey('--days', '10');
    await makeKey('--days', '10');
    const [one, other] = (await keysOf()) as { id: string }[];
    await database.db
      .updateTable('partner_key')
      .set({ used_at: new Date('2026-11-01T12:34:56Z') })
      .where('id', '=', one!.id)
      .execute();
    await database.db
      .updateTable('partner_key')
      .set({ expires_at: sql<Date>`now() - interval '1 hour'` })
      .where('id', '=', other!.id)
      .execute();
    const { body } = await (await alice()).get(keysPage);
    expect(body).toContain('last used: 2026-11-01 12:34 UTC');
    expect(body).toMatch(/ends on \d{4}-\d\d-\d\d/);
    expect(body).toMatch(/ended \d{4}-\d\d-\d\d/);
    expect(body.match(/\/account\/keys\/revoke/g)).toHaveLength(1);
  });

  it('revoke a key, at once and once, and tell all processes of it', async () => {
    await makeKey();
    const [key] = (await keysOf()) as { id: string }[];
    const before = (await database.published(Revoked)).length;
    const browser = await alice();
    const list = await browser.get(keysPage);
    const after = await browser.submit(list, '/account/keys/revoke');
    expect([after.url, after.status]).toEqual([keysPage, 200]);
    expect(after.body).toMatch(/revoked \d{4}/);
    expect((await keysOf()).map(({ live }) => live)).toEqual([false]);
    expect((await browser.submit(list, '/account/keys/revoke')).status).toBe(404);
    const told = (await database.published(Revoked)).slice(before).map(({ what }) => what);
    expect(told).toEqual([{ $case: 'key', value: key!.id }]);
    expect(await command('audit', '--event', 'partner-key-revoked', '--limit', '1')).toContain(userIds.alice);
  });

  it('have two live keys, so that one takes over from the other, and never a third, not even at the same moment', async () => {
    const browsers = [await alice(), await alice(), await alice()];
    const made = await Promise.all(browsers.map((browser) => fillIn(browser)));
    expect(made.map(({ status }) => status).sort()).toEqual([200, 200, 409]);
    expect(made.find(({ status }) => status === 409)!.body).toContain('Revoke one first');
    expect((await keysOf()).filter(({ live }) => live)).toHaveLength(2);
    await browsers[0]!.submit(await browsers[0]!.get(keysPage), '/account/keys/revoke');
    expect((await fillIn(browsers[0]!)).status).toBe(200);
  });

  it.each([
    ['a name', { name: ' ' }],
    ['a name that is longer', { name: 'x'.repeat(61) }],
    ['a network', { networks: '192.0.2.0/33' }],
    ['a day', { days: '367' }],
    ['a whole day', { days: '1.5' }],
  ])('take no form whose field is not %s, and show again what was filled in', async (_, wrong) => {
    const again = await fillIn(await alice(), wrong);
    expect([again.status, keyIn(again)]).toEqual([422, undefined]);
    expect(again.body).toContain('role="alert"');
    expect(again.body).toMatch(/name="scope:read:rooms"\s+checked/);
    expect(await keysOf()).toEqual([]);
  });

  it.each([[[]], [['read:rooms', 'write:everything']], [['read:rooms', 'constructor']]])(
    'take no scopes but those of the partner: %j',
    async (scopes) => {
      expect((await fillIn(await alice(), {}, scopes)).status).toBe(422);
      expect(await keysOf()).toEqual([]);
    },
  );

  it('are for the people who manage the partner, and not there for others, nor for their partner', async () => {
    const browser = browserAt(identity);
    await signedIn(browser, 'carol');
    expect((await browser.get(`${issuer}/account`)).body).not.toContain('/account/keys');
    for (const path of [keysPage, newKeyPage]) expect((await browser.get(path)).status).toBe(404);
    const admin = await alice();
    expect((await admin.get(`${issuer}/account`)).body).toContain('/account/keys');
    await database.db.insertInto('partner').values({ client_id: 'stranger', secret_hash: 'x', bot_id: partner.botId }).execute();
    for (const clientId of ['stranger', 'nobody', '']) {
      expect((await admin.get(`${keysPage}/new?client=${clientId}`)).status).toBe(404);
      expect((await fillIn(admin, { client: clientId })).status).toBe(404);
    }
    expect(await database.db.selectFrom('partner_key').select('id').execute()).toEqual([]);
  });

  it('end no key of a partner that somebody else manages', async () => {
    await makeKey();
    await command('remove-partner-admin', '--who', 'alice', ...client);
    await database.db.insertInto('partner').values({ client_id: 'other-partner', secret_hash: 'x', bot_id: partner.botId }).execute();
    await command('add-partner-admin', '--who', 'alice', '--client', 'other-partner');
    const browser = await alice();
    const page = await browser.get(`${keysPage}/new?client=other-partner`);
    const form_token = /name="form_token" value="([^"]+)"/.exec(page.body)![1]!;
    const [key] = (await keysOf()) as { id: string }[];
    for (const id of [key!.id, 'x', '']) expect((await browser.post(`${keysPage}/revoke`, { form_token, id })).status).toBe(404);
    expect((await browser.post(`${keysPage}/revoke`, { form_token: 'x', id: key!.id })).status).toBe(403);
    expect((await keysOf())[0]).toMatchObject({ live: true });
    await command('remove-partner-admin', '--who', 'alice', '--client', 'other-partner');
    await command('add-partner-admin', '--who', 'alice', ...client);
  });

  it('ask for both factors, proved within ten minutes, before a key is made or ends', async () => {
    await makeKey();
    const browser = await alice();
    const list = await browser.get(keysPage);
    vi.setSystemTime(Date.now() + 601_000);
    expect((await browser.get(keysPage)).body).toContain('Nightly export');
    expect((await browser.get(newKeyPage)).body).toContain('name="password"');
    const asked = await browser.submit(list, '/account/keys/revoke');
    expect(asked.body).toContain('name="password"');
    expect((await keysOf())[0]).toMatchObject({ live: true });
  });

  it('ask for the second factor who has proved the first, and go on from there', async () => {
    await makeKey();
    const asked = await halfProven.submit(await halfProven.get(keysPage), '/account/keys/revoke');
    expect((await keysOf())[0]).toMatchObject({ live: true });
    const second = await enter(halfProven, asked, 'alice');
    const back = await halfProven.submit(second, '/second-factor', { code: await nextCode() });
    expect([back.url.split('?')[0], back.status]).toEqual([keysPage, 200]);
    expect((await halfProven.submit(back, '/account/keys/revoke')).body).toContain('revoked');
  });

  it('say to who has one factor alone that he needs a second', async () => {
    const browser = browserAt(identity);
    await signedIn(browser, 'bob');
    expect((await browser.get(keysPage)).status).toBe(200);
    const refused = await browser.get(newKeyPage);
    expect([refused.status, refused.body]).toEqual([403, expect.stringContaining('set one up on your account page')]);
  });

  it('lead there who is not signed in, and speak German', async () => {
    const browser = browserAt(identity, { 'accept-language': 'de' });
    const page = await enter(browser, await browser.get(keysPage), 'bob');
    expect([page.url.split('?')[0], page.body]).toEqual([keysPage, expect.stringContaining('Partnerschlüssel')]);
  });
});

describe('the commands', () => {
  it('make, list and revoke keys, and say what is wrong', async () => {
    const key = await makeKey('--networks', '192.0.2.1, 2001:db8::/32', '--days', '1');
    expect(partnerKeyKind(key)).toBe('test');
    const [listed] = (await keysOf()) as { id: string }[];
    expect(listed).toMatchObject({ name: 'Nightly export', networks: ['192.0.2.1/32', '2001:db8::/32'], live: true, createdBy: null });
    expect(JSON.stringify(listed)).not.toContain(key.slice(15));
    expect(await command('revoke-key', '--id', listed!.id)).toBe('The key is revoked.');
    await expect(command('revoke-key', '--id', listed!.id)).rejects.toThrow('There is no live key');
    await expect(command('create-key', ...client)).rejects.toThrow('--name is needed');
    await expect(command('create-key', '--client', 'x', '--name', 'x', '--scopes', 'read:rooms')).rejects.toThrow('no partner');
    await expect(makeKey('--days', '0')).rejects.toThrow('--days');
    await expect(makeKey('--networks', 'here')).rejects.toThrow('--networks');
    await expect(command('add-partner-admin', '--who', 'nobody', ...client)).rejects.toThrow('no such person');
    await expect(command('remove-partner-admin', '--who', 'carol', ...client)).rejects.toThrow('does not manage');
  });

  it('make live keys in production, which is what no word of the environment means', async () => {
    const order = [...client, '--name', 'Live', '--scopes', 'read:rooms'];
    const key = await runCommand('create-key', database.db, { ENCRYPTION_KEYS: encryptionKeys, ROOT_KEY: rootKey }, order);
    expect(partnerKeyKind(key)).toBe('live');
  });
});

it('a key is forgotten three months after its end, and stays when who made it is gone', async () => {
  await makeKey();
  await database.db
    .updateTable('partner_key')
    .set({ created_by: userIds.dave, revoked_at: sql<Date>`now() - interval '89 days'` })
    .execute();
  await database.db.deleteFrom('account').where('id', '=', userIds.dave).execute();
  await removeExpired(database.db);
  expect(await database.db.selectFrom('partner_key').select('created_by').execute()).toEqual([{ created_by: null }]);
  await database.db
    .updateTable('partner_key')
    .set({ revoked_at: sql<Date>`now() - interval '91 days'` })
    .execute();
  await removeExpired(database.db);
  expect(await database.db.selectFrom('partner_key').select('id').execute()).toEqual([]);
});
