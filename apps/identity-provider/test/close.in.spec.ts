import { AccountClosed } from '@facet/contracts/accounts';
import { Events } from '@facet/events';
import { userIds, type TestDatabase } from '@facet/testing';
import { sql } from 'kysely';
import * as openid from 'openid-client';
import { Secret, TOTP } from 'otpauth';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { closeAccount } from '../src/account/close-account.js';
import { AuditTrail } from '../src/audit/audit-trail.js';
import { PersonalData } from '../src/accounts/personal-data.js';
import { Vault } from '../src/keys/vault.js';
import type { Tables } from '../src/store/tables.js';
import { removeExpired } from '../src/upkeep/remove-expired.js';
import type { Browser, Visit } from './browser.js';
import { ask, browserAt, clients, enter, redirects, signInAt, webApp } from './clients.js';
import { demoWorld, encryptionKeys, identityDatabase, issuer, rootKey, startIdentity, type Identity } from './start-identity.js';

let database: TestDatabase<Tables>;
let identity: Identity;
let web: openid.Configuration;

beforeAll(async () => {
  database = await identityDatabase();
  identity = await startIdentity(database, 'development', { CLIENTS: clients });
  web = await webApp(identity);
});
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  await database.db.deleteFrom('attempt').execute();
  await database.db.deleteFrom('mail').execute();
  await database.db.deleteFrom('held_username').execute();
  await identity.post('/dev/accounts', demoWorld());
});
afterEach(() => void vi.useRealTimers());
afterAll(() => identity.stop());

const atHome = async (login: string, headers?: Record<string, string>) => {
  const browser = browserAt(identity, headers);
  return { browser, home: await enter(browser, await browser.get(`${issuer}/account`), login) };
};
const begin = (browser: Browser, home: Visit) => browser.submit(home, '/account/close/begin');
const atClose = async (login: string) => {
  const { browser, home } = await atHome(login);
  return { browser, page: await enter(browser, await begin(browser, home), login) };
};
const close = (browser: Browser, page: Visit, username: string) => browser.submit(page, '/account/close', { username });
const accountOf = (id: string) => database.db.selectFrom('account').select('id').where('id', '=', id).executeTakeFirst();
const closedOnes = async () => {
  await identity.app.get(Events, { strict: false }).flush();
  return (await database.published(AccountClosed)).map(({ accountId }) => accountId);
};
const mailbox = async () => (await fetch(`${identity.url}/dev/mailbox`)).text();

describe('deleting an account', () => {
  it('erases at once all that is kept for it but the audit trail, ends what was signed in, tells the others, and sends a last letter', async () => {
    const { tokens } = await signInAt(identity, web, redirects.web, { login: 'carol' });
    const { browser, page } = await atClose('carol');
    expect(page.body).toContain('deleted at once');
    const { rows: holding } = await sql<{ table: string; column: string }>`
      select table_name as table, column_name as column from information_schema.columns
      where table_schema = 'identity' and column_name = 'account_id' and table_name <> 'audit_event'`.execute(database.db);
    expect(holding.length).toBeGreaterThan(4);

    const closed = await close(browser, page, 'Carol');
    expect([closed.status, closed.body]).toEqual([200, expect.stringContaining('Your account is deleted')]);
    for (const { table, column } of holding) {
      const { rows } = await sql`select from ${sql.id('identity', table)} where ${sql.ref(column)} = ${userIds.carol}`.execute(database.db);
      expect([table, rows.length]).toEqual([table, 0]);
    }
    expect(await accountOf(userIds.carol)).toBeUndefined();
    expect(await closedOnes()).toContain(userIds.carol);
    await expect(openid.refreshTokenGrant(web, tokens.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' });
    expect((await browser.get(`${issuer}/account`)).body).toContain('name="password"');
    expect(await mailbox()).toMatch(/Your Facet account is deleted[\s\S]*carol@demo\.example/);
    const { url } = await ask(web, redirects.web);
    const again = browserAt(identity);
    expect((await enter(again, await again.get(url), 'carol')).status).toBe(401);
  });

  it('leaves nothing behind that refers to an account and would keep it', async () => {
    const { rows } = await sql<{ table: string; action: string }>`
      select conrelid::regclass::text as table, confdeltype::text as action from pg_constraint
      where contype = 'f' and confrelid = 'identity.account'::regclass`.execute(database.db);
    // It goes as well, or forgets whose it was.
    const kept = rows.filter(({ action }) => action !== 'c' && action !== 'n').map(({ table }) => table.replace('identity.', ''));
    // A partner's bot is nobody's account.
    expect(kept).toEqual(['partner']);
  });

  it('asks somebody to sign in again, however short ago he did', async () => {
    const { browser, home } = await atHome('dave');
    const asked = await begin(browser, home);
    expect(asked.body).toContain('name="password"');
    expect((await enter(browser, asked, 'dave', 'not the password')).status).toBe(401);
    expect(await accountOf(userIds.dave)).toBeDefined();
  });

  it('asks again whoever waits longer than ten minutes before he confirms', async () => {
    const { browser, page } = await atClose('dave');
    vi.setSystemTime(Date.now() + 660_000);
    const asked = await close(browser, page, 'dave');
    expect(asked.body).toContain('name="password"');
    expect(await accountOf(userIds.dave)).toBeDefined();
  });

  it('asks for the second factor as well, where there is one', async () => {
    const { browser, home } = await atHome('bob');
    const enrolment = await browser.submit(home, '/account/totp/begin');
    const key = /<code>([A-Z2-7]+)<\/code>/.exec(enrolment.body)![1]!;
    const code = () => new TOTP({ secret: Secret.fromBase32(key) }).generate();
    await browser.submit(enrolment, '/account/totp/confirm', { code: code() });
    await database.db.updateTable('totp').set({ last_step: 0 }).execute();

    const oneFactor = await browser.get(`${issuer}/account/close`);
    expect(oneFactor.body).toContain('name="password"');
    const second = await enter(browser, oneFactor, 'bob');
    expect(second.body).toContain('one-time-code');
    const page = await browser.submit(second, '/second-factor', { code: code() });
    expect((await close(browser, page, 'bob')).status).toBe(200);
    expect(await accountOf(userIds.bob)).toBeUndefined();
  });

  it('takes the right name alone, and only from our own form', async () => {
    const { browser, page } = await atClose('dave');
    expect((await close(browser, page, 'alice')).status).toBe(422);
    expect((await browser.post(`${issuer}/account/close`, { username: 'dave' })).status).toBe(403);
    expect(await accountOf(userIds.dave)).toBeDefined();
    expect((await browser.get(`${issuer}/account/close`)).body).toContain('Keep your account');
  });

  it('says so in German too', async () => {
    const { home } = await atHome('dave', { 'accept-language': 'de' });
    expect(home.body).toContain('Konto löschen');
  });

  it('happens once, of many that ask at once, and never to a bot', async () => {
    const vault = new Vault(encryptionKeys);
    const [personal, audit] = [new PersonalData(vault, rootKey), new AuditTrail(vault, rootKey)];
    const letter = { subject: 'Gone', text: 'Gone' };
    const closing = (id: string) => closeAccount({ db: database.db, personal, audit, postOffice: undefined }, id, letter);
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => closing(userIds.gina)));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    const told = database.db.selectFrom('audit_event').select('id').where('account_id', '=', userIds.gina);
    expect(await told.where('event', '=', 'account-closed').execute()).toHaveLength(1);
    expect((await closedOnes()).filter((id) => id === userIds.gina)).toHaveLength(1);
    expect(await closing(demoWorld().partner.botId)).toBe(false);
  });
});

describe('the username of who has left', () => {
  const signUp = async (username: string) => {
    const browser = browserAt(identity);
    const page = await browser.get((await ask(web, redirects.web)).url);
    const form = await browser.get(new URL(/href="([^"]*\/sign-up)"/.exec(page.body)![1]!, page.url).href);
    const wanted = { email: 'new@example.org', username, name: 'New', password: 'a lake full of umbrellas' };
    return browser.submit(form, '/sign-up', wanted);
  };

  it('is nobody else’s for 30 days, and then is free', async () => {
    const { browser, page } = await atClose('dave');
    await close(browser, page, 'dave');
    expect((await signUp('dave')).status).toBe(409);
    const { rows } = await sql<{ row: string }>`select held_username::text as row from held_username`.execute(database.db);
    expect(rows.map(({ row }) => row).join()).not.toContain('dave');
    await database.db
      .updateTable('held_username')
      .set({ until: sql<Date>`until - interval '30 days'` })
      .execute();
    expect((await signUp('dave')).status).toBe(200);
    await removeExpired(database.db);
    expect(await database.db.selectFrom('held_username').selectAll().execute()).toEqual([]);
  });
});

describe('somebody’s data', () => {
  it('name each thing that is kept for him, and hold nothing that proves who he is', async () => {
    await signInAt(identity, web, redirects.web, { login: 'alice' });
    const { browser, home } = await atHome('alice');
    const enrolment = await browser.submit(home, '/account/totp/begin');
    const key = /<code>([A-Z2-7]+)<\/code>/.exec(enrolment.body)![1]!;
    await browser.submit(enrolment, '/account/totp/confirm', { code: new TOTP({ secret: Secret.fromBase32(key) }).generate() });
    const { body } = await browser.submit(home, '/account/export');
    expect(JSON.parse(body)).toMatchObject({
      account: { id: userIds.alice, username: 'alice', name: 'ALICE', email: 'alice@demo.example', kind: 'person', status: 'active' },
      secondFactor: { authenticatorApp: { since: expect.any(String) }, backupCodes: { left: 10, used: [] } },
      allowed: expect.arrayContaining([
        { client: 'web-app', scopes: expect.arrayContaining(['openid', 'read:rooms']), since: expect.any(String) },
      ]),
      signedIn: expect.arrayContaining([expect.objectContaining({ kind: 'browser' })]),
    });
    expect(body).not.toMatch(new RegExp(`argon2|${key}|hash`));
  });
});
