import { userIds } from '@facet/testing';
import { sql } from 'kysely';
import * as openid from 'openid-client';
import { Secret, TOTP } from 'otpauth';
import { describe, expect, it, vi } from 'vitest';
import { AuditTrail } from '../src/audit/audit-trail.js';
import { Vault } from '../src/keys/vault.js';
import { reEncrypt } from '../src/upkeep/re-encrypt.js';
import { runCommand } from '../src/upkeep/run-command.js';
import { Authenticator, type Question } from './authenticator.js';
import type { Browser, Visit } from './browser.js';
import { ask, browserAt, clients, enter, mobileApp, redirects, signInAt } from './clients.js';
import { inDemoWorld, type DemoWorld } from './demo-world.js';
import { askToken, demoWorld, encryptionKeys, identityDatabase, issuer, rootKey, startIdentity } from './start-identity.js';

let database: DemoWorld['database'];
let identity: DemoWorld['identity'];
let web: DemoWorld['web'];
const agent = 'a browser that says who it is';
/** Everything that somebody could do something with who found it in the trail. */
const secrets = new Set<string>();
const browsers: Browser[] = [];

inDemoWorld((world) => ({ database, identity, web } = world));

const newBrowser = () => {
  const browser = browserAt(identity, { 'user-agent': agent + 'x'.repeat(400) });
  browsers.push(browser);
  return browser;
};
const keys = { ENCRYPTION_KEYS: encryptionKeys, ROOT_KEY: rootKey };
const trail = async (...options: string[]) => {
  const lines = (await runCommand('audit', database.db, keys, options)).split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>).reverse();
};
const told = async (...options: string[]) =>
  (await trail(...options)).map(({ event, about, outcome }) => [event, about, outcome].filter(Boolean).join(' '));
const secret = (text: string) => {
  secrets.add(text);
  return text;
};
const codeOf = (key: string) => secret(new TOTP({ secret: Secret.fromBase32(key) }).generate());
const atHome = async (login: string, browser = newBrowser()) => ({
  browser,
  home: await enter(browser, await browser.get(`${issuer}/account`), login, secret('facet-demo')),
});
const enrolApp = async (login: string) => {
  const { browser, home } = await atHome(login);
  const begun = await browser.submit(home, '/account/totp/begin');
  const key = secret(/<code>([A-Z2-7]+)<\/code>/.exec(begun.body)![1]!);
  const confirmed = await browser.submit(begun, '/account/totp/confirm', { code: codeOf(key) });
  const backup = [...confirmed.body.matchAll(/<code>([a-z2-9]{5}-[a-z2-9]{5})<\/code>/g)].map(([, code]) => secret(code!));
  return { browser, key, backup };
};
const bothFactors = async (login: string, code: string, browser = newBrowser()): Promise<Visit> => {
  const page = await browser.get((await ask(web, redirects.web, { prompt: 'login' })).url);
  return browser.submit(await enter(browser, page, login), '/second-factor', { code });
};

describe('the trail', () => {
  it('tells of sign-ins that are right, wrong and delayed, with who, from where, and by which request', async () => {
    await atHome('carol');
    const browser = newBrowser();
    const page = await browser.get((await ask(web, redirects.web)).url);
    await enter(browser, page, 'carol', secret('a wrong password'));
    await database.db
      .updateTable('attempt')
      .set({ blocked_until: sql`now() + interval '1 minute'` })
      .execute();
    await enter(browser, page, 'carol');
    await database.db.deleteFrom('attempt').execute();
    const rows = await trail('--who', 'carol');
    expect(new Set(rows.map(({ event, about, outcome }) => `${String(event)} ${String(about)} ${String(outcome)}`))).toEqual(
      new Set(['sign-in password ok', 'sign-in password delayed', 'sign-in password refused']),
    );
    expect(rows[0]).toMatchObject({ accountId: userIds.carol, address: '127.0.0.1', requestId: expect.stringMatching(/^[\da-f-]{36}$/) });
    expect(rows[0]!.agent).toBe((agent + 'x'.repeat(400)).slice(0, 200));
    expect(Date.now() - Date.parse(String(rows[0]!.at))).toBeLessThan(60_000);
  });

  it('tells of factors that are added, used and removed, and of backup codes', async () => {
    const { browser, backup } = await enrolApp('bob');
    await bothFactors('bob', backup[0]!, browser);
    await bothFactors('bob', '000000');
    await browser.submit(await browser.get(`${issuer}/account`), '/account/backup-codes');
    await browser.submit(await browser.get(`${issuer}/account`), '/account/totp/remove');
    const { browser: other, home } = await atHome('bob');
    const asked = await other.submit({ ...home, body: home.body.replace('passkeys/add"', 'passkeys/add/question"') }, '/add/question');
    const passkey = new Authenticator(issuer);
    const question = JSON.parse(asked.body) as Question;
    await other.submit(home, '/passkeys/add', { answer: passkey.create({ ...question, challenge: secret(question.challenge) }) });
    const page = await other.get((await ask(web, redirects.web, { prompt: 'login' })).url);
    const again = await other.submit({ ...page, body: page.body.replace('/passkey"', '/passkey/question"') }, '/passkey/question');
    await other.submit(page, '/passkey', { answer: passkey.get(JSON.parse(again.body) as Question) });
    await other.submit(await other.get(`${issuer}/account`), '/passkeys/remove');
    expect(await told('--who', 'bob')).toEqual([
      'sign-in password ok',
      'factor-added app ok',
      'backup-codes-renewed ok',
      'sign-in password continued',
      'second-step backup-code ok',
      'sign-in password continued',
      'second-step app refused',
      'backup-codes-renewed ok',
      'factor-removed app ok',
      'sign-in password ok',
      'factor-added passkey ok',
      'backup-codes-renewed ok',
      'sign-in passkey ok',
      'factor-removed passkey ok',
    ]);
  });

  it('tells of sign-up, verification and a new password, and of all that ended with the old one', async () => {
    const browser = newBrowser();
    const page = await browser.get((await ask(web, redirects.web)).url);
    const password = secret('a lake full of umbrellas');
    const code = async () => secret(/\b\d{6}\b/.exec(await (await fetch(`${identity.url}/dev/mailbox`)).text())![0]);
    const email = 'zoe@example.org';
    const mailed = await browser.submit(await browser.get(`${page.url}/sign-up`), '/sign-up', {
      email,
      username: 'zoe',
      name: 'Zoe',
      password,
    });
    await browser.submit(await browser.submit(mailed, '/verify', { code: 'wrong' }), '/verify', { code: await code() });
    const other = newBrowser();
    const start = await other.get((await ask(web, redirects.web)).url);
    const asked = await other.submit(await other.get(`${start.url}/forgotten`), '/forgotten', { email });
    await other.submit(asked, '/reset', { code: await code(), password: secret('a field full of lanterns') });
    expect(await told('--who', email)).toEqual([
      'sign-up continued',
      'verification ok',
      'sign-up ok',
      'password-reset continued',
      'password-reset ok',
      'session-ended everything ok',
    ]);
    expect((await told('--event', 'verification')).sort()).toEqual(['verification ok', 'verification refused']);
  });

  it('tells of clients: what people allow them, that they are not who they say, a token used twice, an end', async () => {
    const dpop = openid.getDPoPHandle(web, await openid.randomDPoPKeyPair('ES256'));
    const mobile = await mobileApp(identity);
    const { tokens, browser } = await signInAt(identity, mobile, redirects.mobile, { login: 'dave', browser: newBrowser(), dpop });
    secret(tokens.access_token);
    const used = secret(tokens.refresh_token!);
    await openid.refreshTokenGrant(mobile, used, undefined, { DPoP: dpop });
    await database.db.deleteFrom('oidc_state').where('model', '=', 'RefreshAnswer').execute();
    await sql`update oidc_state set consumed_at = consumed_at - interval '1 minute' where consumed_at is not null`.execute(database.db);
    await expect(openid.refreshTokenGrant(mobile, used, undefined, { DPoP: dpop })).rejects.toThrow();
    expect(await told('--event', 'refresh-reuse')).toEqual(['refresh-reuse refused']);
    expect((await trail('--event', 'refresh-reuse'))[0]).toMatchObject({ accountId: userIds.dave, clientId: 'mobile-app' });
    await askToken(identity.url, {}, secret('not-the-secret-of-anybody-at-all'));
    await askToken(identity.url, {}, 'nothing', 'nobody-has-this-client');
    expect(await trail('--event', 'client-authentication')).toMatchObject([
      { outcome: 'refused', clientId: 'demo-partner' },
      { outcome: 'refused', clientId: null },
    ]);
    await browser.submit(await browser.get(`${issuer}/account`), '/account/end');
    const leaving = newBrowser();
    await atHome('dave', leaving);
    await leaving.post(`${issuer}/session/end/confirm`, {
      xsrf: /name="xsrf" value="([^"]+)"/.exec((await leaving.get(`${issuer}/session/end`)).body)![1]!,
      logout: 'yes',
    });
    expect(await trail('--event', 'session-ended', '--who', 'dave')).toHaveLength(2);
    await identity.post('/dev/token', { user: 'gina', client: 'web-app' });
    expect(await trail('--who', userIds.gina)).toMatchObject([{ event: 'demo-token', clientId: 'web-app', address: '127.0.0.1' }]);
    await sql`update signing_key set created_at = now() - interval '1 hour'`.execute(database.db);
    await runCommand('rotate-signing-keys', database.db, keys);
    expect(await trail('--event', 'keys-rotated')).toMatchObject([{ outcome: 'ok', requestId: null, address: null }]);
  });

  it('tells of consent', async () => {
    await database.db
      .updateTable('partner')
      .set({ redirect_uris: [redirects.partner] })
      .execute();
    const browser = newBrowser();
    const query = new URLSearchParams({
      client_id: 'demo-partner',
      response_type: 'code',
      redirect_uri: redirects.partner,
      scope: 'openid read:rooms',
      code_challenge: await openid.calculatePKCECodeChallenge(openid.randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
    });
    const page = await enter(browser, await browser.get(`${issuer}/auth?${query.toString()}`), 'gina');
    await browser.submit(page, '/consent', { decision: 'allow' });
    expect((await trail('--event', 'consent')).at(-1)).toMatchObject({ outcome: 'ok', accountId: userIds.gina, clientId: 'demo-partner' });
  });

  it('takes no change, no removal, not even by the role that writes it; only sealing anew', async () => {
    const { db } = database;
    await expect(db.deleteFrom('audit_event').execute()).rejects.toThrow('append-only');
    await expect(db.updateTable('audit_event').set({ outcome: 'ok' }).execute()).rejects.toThrow('append-only');
    await expect(db.updateTable('audit_event').set({ sealed: null, key_version: null }).execute()).rejects.toThrow('append-only');
    await expect(sql`truncate audit_event`.execute(db)).rejects.toThrow('append-only');
  });

  it('that cannot be written leaves what was decided as it is', async () => {
    const record = vi.spyOn(AuditTrail.prototype, 'record').mockRejectedValue(new Error('no room'));
    const refused = await askToken(identity.url, {}, 'another secret');
    expect([refused.status, refused.body.error, record.mock.calls.length]).toEqual([401, 'invalid_client', 1]);
    record.mockRestore();
  });

  it('is written with what it tells of, or neither is there; and it can be sealed anew', async () => {
    const fresh = await identityDatabase();
    const other = await startIdentity(fresh, 'development', { CLIENTS: clients });
    await other.post('/dev/accounts', demoWorld());
    await sql`alter table audit_event add constraint broken check (event <> 'factor-added')`.execute(fresh.db);
    const browser = browserAt(other);
    const home = await enter(browser, await browser.get(`${issuer}/account`), 'alice');
    const begun = await browser.submit(home, '/account/totp/begin');
    const key = /<code>([A-Z2-7]+)<\/code>/.exec(begun.body)![1]!;
    expect((await browser.submit(begun, '/account/totp/confirm', { code: codeOf(key) })).status).toBe(500);
    expect(await fresh.db.selectFrom('totp').select('confirmed_at').execute()).toEqual([{ confirmed_at: null }]);
    expect(await fresh.db.selectFrom('backup_code').selectAll().execute()).toEqual([]);
    const newer = { ...encryptionKeys, 2: Buffer.alloc(32, 7) };
    await reEncrypt(fresh.db, new Vault(newer));
    const [row] = await fresh.db.selectFrom('audit_event').selectAll().where('sealed', 'is not', null).execute();
    expect([row!.key_version, new AuditTrail(new Vault(newer), rootKey).fromOf(row!).address]).toEqual([2, '127.0.0.1']);
    await other.stop();
  });
});

describe('the page of the trail', () => {
  it('is for admins who proved two factors, and is not there for others', async () => {
    const { browser: carols } = await atHome('carol');
    expect((await carols.get(`${issuer}/account/audit`)).status).toBe(404);
    const { browser, backup } = await enrolApp('alice');
    const asked = await browser.get(`${issuer}/account/audit`);
    expect(asked.body).toContain('name="password"');
    const { browser: unproven } = { browser: newBrowser() };
    expect((await unproven.get(`${issuer}/account/audit`)).body).toContain('name="password"');
    await bothFactors('alice', backup[0]!, browser);
    expect((await browser.get(`${issuer}/account`)).body).toContain('href="/account/audit"');
    const page = await browser.get(`${issuer}/account/audit?who=bob&event=factor-added`);
    expect(page.body.match(/<strong>[^<]*(?=<\/strong)/g)).toEqual([
      '<strong>factor-added · passkey · ok',
      '<strong>factor-added · app · ok',
    ]);
    expect((await browser.get(`${issuer}/account/audit?from=2100-01-01T00:00`)).body).toContain('There are none.');
    for (const unknown of ['who=bob&who=x', 'event=%27', 'from=x', 'to=x', 'after=x'])
      expect([unknown, (await browser.get(`${issuer}/account/audit?${unknown}`)).status]).toEqual([unknown, 422]);
    expect((await browser.get(`${issuer}/account/audit?who=&event=&from=&to=`)).status).toBe(200);
  });

  it('goes on where it ended', async () => {
    await database.db.deleteFrom('totp').execute();
    const { browser, backup } = await enrolApp('alice');
    expect((await browser.get(`${issuer}/account/audit`)).body).not.toContain('factor-added');
    await bothFactors('alice', backup[0]!, browser);
    for (let count = 0; count < 60; count++) await identity.post('/dev/token', { user: 'gina', client: 'web-app' });
    const first = await browser.get(`${issuer}/account/audit?event=demo-token`);
    const next = /href="([^"]*after=[^"]*)"/.exec(first.body)![1]!.replaceAll('&amp;', '&');
    const second = await browser.get(new URL(next, issuer).href);
    const requests = [first, second].map(({ body }) => body.match(/[\da-f-]{36}(?=\s*<\/li>)/g) ?? []);
    expect(requests.map((each) => each.length)).toEqual([50, 11]);
    expect(new Set(requests.flat()).size).toBe(61);
  });
});

it('no password, code, token or cookie stands in a row, sealed or not', async () => {
  for (const browser of browsers) for (const value of browser.values()) secrets.add(value);
  const { rows } = await sql<{ row: string }>`select (to_jsonb(audit_event) - 'sealed')::text as row from audit_event`.execute(database.db);
  const texts = [...rows.map(({ row }) => row), ...(await trail()).map((row) => JSON.stringify(row))];
  expect(texts.length).toBeGreaterThan(100);
  expect([...secrets].filter((each) => each.length >= 6).length).toBeGreaterThan(40);
  // Ids, hashes and hours hold six digits now and then.
  const plain = texts.map((text) => text.replace(/"(id|at|account_id|accountId|request_id|requestId|name_hash|triedHash)": ?"[^"]*"/g, ''));
  for (const each of secrets) if (each.length >= 6) expect(plain.filter((text) => text.includes(each))).toEqual([]);
});
