import { randomBytes } from 'node:crypto';
import { userIds } from '@facet/testing';
import { decodeJwt } from 'jose';
import { sql } from 'kysely';
import * as openid from 'openid-client';
import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuditTrail } from '../src/audit/audit-trail.js';
import { Vault } from '../src/keys/vault.js';
import { SecondFactors } from '../src/sign-in/second-factors.js';
import type { Browser, Visit } from './browser.js';
import { ask, browserAt, enter, redirects } from './clients.js';
import { inDemoWorld, type DemoWorld } from './demo-world.js';
import { issuer } from './start-identity.js';

let database: DemoWorld['database'];
let identity: DemoWorld['identity'];
let web: DemoWorld['web'];

inDemoWorld((world) => ({ database, identity, web } = world));
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  await database.db.deleteFrom('totp').execute();
  await database.db.deleteFrom('attempt').execute();
});
afterEach(() => void vi.useRealTimers());

// All of a test happens at one moment: no step of half a minute ends within it.
const codeOf = (key: string, timestamp = Date.now()) => new TOTP({ secret: Secret.fromBase32(key) }).generate({ timestamp });
/** As if the steps whose codes were used lay in the past. */
const laterStep = () => database.db.updateTable('totp').set({ last_step: 0 }).execute();
const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
const atHome = async (login: string) => {
  const browser = browserAt(identity);
  return { browser, home: await enter(browser, await browser.get(`${issuer}/account`), login) };
};
const enrol = async (login: string) => {
  const { browser, home } = await atHome(login);
  const begun = await browser.submit(home, '/account/totp/begin');
  const key = /<code>([A-Z2-7]+)<\/code>/.exec(begun.body)![1]!;
  const confirmed = await browser.submit(begun, '/account/totp/confirm', { code: codeOf(key) });
  const backup = [...confirmed.body.matchAll(/<code>([a-z2-9]{5}-[a-z2-9]{5})<\/code>/g)].map(([, code]) => code!);
  await laterStep();
  return { browser, key, backup, begun, confirmed };
};
const passwordStep = async (login: string, browser: Browser = browserAt(identity), more: Record<string, string> = {}) => {
  const { url, checks } = await ask(web, redirects.web, more);
  return { browser, checks, page: await enter(browser, await browser.get(url), login) };
};
const second = (browser: Browser, page: Visit, code: string) => browser.submit(page, '/second-factor', { code });
const visitedApp = ({ url }: Visit) => url.startsWith(redirects.web);

describe('an authenticator app', () => {
  it('is set up with a picture or a key, and then signing in takes its code; the token says that two factors were proved', async () => {
    const { begun, key, backup } = await enrol('alice');
    expect(begun.body).toMatch(/<img\s+src="data:image\/png;base64,/);
    expect(begun.headers.get('content-security-policy')).toContain('img-src data:');
    expect(new Set(backup).size).toBe(10);
    const { browser, page, checks } = await passwordStep('alice');
    expect(visitedApp(page)).toBe(false);
    const back = await second(browser, page, codeOf(key));
    const tokens = await openid.authorizationCodeGrant(web, new URL(back.url), checks);
    expect(decodeJwt(tokens.access_token)).toMatchObject({ sub: userIds.alice, acr: 'urn:facet:acr:2', amr: ['pwd', 'otp', 'mfa'] });
  });

  it('counts only once a code of it was right', async () => {
    const { browser, home } = await atHome('bob');
    const begun = await browser.submit(home, '/account/totp/begin');
    const key = /<code>([A-Z2-7]+)<\/code>/.exec(begun.body)![1]!;
    const refused = await browser.submit(begun, '/account/totp/confirm', { code: other(codeOf(key)) });
    expect(refused.status).toBe(401);
    expect(visitedApp((await passwordStep('bob')).page)).toBe(true);
    expect((await browser.submit(refused, '/account/totp/confirm', { code: codeOf(key) })).body).toContain('Backup codes');
  });

  it('gives no code that is good twice, not even at the same moment', async () => {
    const { key } = await enrol('alice');
    const code = codeOf(key);
    const visits = await Promise.all(Array.from({ length: 4 }, () => passwordStep('alice')));
    const answers = await Promise.all(visits.map(({ browser, page }) => second(browser, page, code)));
    expect(answers.filter(visitedApp)).toHaveLength(1);
    const late = await passwordStep('alice');
    expect((await second(late.browser, late.page, code)).status).toBe(401);
  });

  it('cannot be guessed: five tries in a visit, and over all visits a wait that grows', async () => {
    const { key } = await enrol('alice');
    const { browser, page } = await passwordStep('alice');
    let asked = page;
    for (let tries = 0; tries < 4; tries++) asked = await second(browser, asked, other(codeOf(key)));
    const over = await second(browser, asked, other(codeOf(key)));
    expect(over.status).toBe(410);
    const next = await passwordStep('alice');
    expect((await second(next.browser, next.page, codeOf(key))).status).toBe(429);
  });

  it('is no way around the password', async () => {
    const { key } = await enrol('alice');
    const browser = browserAt(identity);
    const page = await browser.get((await ask(web, redirects.web)).url);
    const form_token = /name="form_token"\s+value="([^"]+)"/.exec(page.body)![1]!;
    const refused = await browser.post(`${page.url}/second-factor`, { form_token, code: codeOf(key) });
    expect(refused.status).toBe(410);
  });
});

describe('backup codes', () => {
  it('sign in once each, are kept as hashes, and new ones end the old', async () => {
    const { backup } = await enrol('alice');
    const { rows } = await sql<{
      row: string;
    }>`select backup_code::text as row from backup_code union all select totp::text from totp`.execute(database.db);
    expect(rows.map(({ row }) => row).join()).not.toMatch(new RegExp(backup.flatMap((code) => [code, code.replace('-', '')]).join('|')));
    const first = await passwordStep('alice');
    const back = await second(first.browser, first.page, backup[0]!.toUpperCase().replace('-', ' '));
    expect(visitedApp(back)).toBe(true);
    const again = await passwordStep('alice');
    expect((await second(again.browser, again.page, backup[0]!)).status).toBe(401);
    const home = await first.browser.get(`${issuer}/account`);
    expect((await first.browser.submit(home, '/account/backup-codes')).body).toContain('Backup codes');
    expect((await second(again.browser, again.page, backup[1]!)).status).toBe(401);
  });
});

describe('step-up', () => {
  it('asks for both factors who proved one, tells an application that may not ask, and asks nobody twice', async () => {
    const { browser, key } = await enrol('alice');
    const more = { acr_values: 'urn:facet:acr:2' };
    const silent = await browser.get((await ask(web, redirects.web, { ...more, prompt: 'none' })).url);
    expect(new URL(silent.url).searchParams.get('error')).toBe('login_required');
    const { page } = await passwordStep('alice', browser, more);
    expect(visitedApp(await second(browser, page, codeOf(key)))).toBe(true);
    expect(visitedApp(await browser.get((await ask(web, redirects.web, { ...more, prompt: 'none' })).url))).toBe(true);
  });

  it('guards what changes the second factor', async () => {
    const { browser } = await enrol('alice');
    const sent = await browser.submit(await browser.get(`${issuer}/account`), '/account/totp/remove');
    expect(sent.body).toContain('name="password"');
    expect(await database.db.selectFrom('totp').select('account_id').execute()).toHaveLength(1);
  });

  it('asks again who proved himself longer ago than max_age allows', async () => {
    const { browser, page } = await passwordStep('carol');
    expect(visitedApp(page)).toBe(true);
    expect(visitedApp(await browser.get((await ask(web, redirects.web, { max_age: '600' })).url))).toBe(true);
    vi.setSystemTime(Date.now() + 660_000);
    const asked = await browser.get((await ask(web, redirects.web, { max_age: '600' })).url);
    expect(asked.body).toContain('name="password"');
  });
});

it.each([
  [-2, false],
  [-1, true],
  [0, true],
  [1, true],
  [2, false],
])('a code of a clock that is %d steps off is taken: %s', async (steps, taken) => {
  const now = 1_800_000_015_000;
  const vault = new Vault({ 1: randomBytes(32) });
  const factors = new SecondFactors(database.db, vault, new AuditTrail(vault, randomBytes(32)), randomBytes(32), () => now);
  const { key } = (await factors.begin(userIds.dave, 'dave'))!;
  expect((await factors.confirm(userIds.dave, codeOf(key, now + steps * 30_000))) !== undefined).toBe(taken);
});

it('an app that is being set up proves nothing beside a passkey, and one that counts is not confirmed again', async () => {
  const now = 1_800_000_015_000;
  const vault = new Vault({ 1: randomBytes(32) });
  const factors = new SecondFactors(database.db, vault, new AuditTrail(vault, randomBytes(32)), randomBytes(32), () => now);
  const passkey = { id: 'of-dave', account_id: userIds.dave, public_key: Buffer.from('key'), counter: 0, transports: [], name: 'Key' };
  await database.db.insertInto('passkey').values(passkey).execute();
  const { key } = (await factors.begin(userIds.dave, 'dave'))!;
  expect(await factors.prove(userIds.dave, codeOf(key, now))).toBe(false);
  expect(await factors.confirm(userIds.dave, codeOf(key, now))).toHaveLength(10);
  expect(await factors.confirm(userIds.dave, codeOf(key, now + 30_000))).toBeUndefined();
  expect(await factors.prove(userIds.dave, codeOf(key, now + 30_000))).toBe(true);
  await database.db.deleteFrom('passkey').execute();
});
