import { randomBytes } from 'node:crypto';
import { userIds } from '@facet/testing';
import { sql } from 'kysely';
import * as openid from 'openid-client';
import { Secret, TOTP } from 'otpauth';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Argon2id } from '../src/sign-in/argon2id.js';
import { NobodysHashes } from '../src/sign-in/nobodys-hashes.js';
import type { Browser, Visit } from './browser.js';
import { ask, browserAt, clients, enter, redirects, webApp } from './clients.js';
import { inDemoWorld, type DemoWorld } from './demo-world.js';
import { issuer, startIdentity, type Identity } from './start-identity.js';

const hash = vi.spyOn(Argon2id.prototype, 'hash');
const verify = vi.spyOn(Argon2id.prototype, 'verify');

let world: DemoWorld;
let second: Identity;
let secondWeb: openid.Configuration;
inDemoWorld((ready) => (world = ready));
beforeAll(async () => {
  second = await startIdentity(world.database, 'development', { CLIENTS: clients });
  secondWeb = await webApp(second);
});
afterAll(() => second.stop());
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  for (const table of ['attempt', 'mail', 'challenge', 'code_limit', 'totp', 'backup_code'] as const)
    await world.database.db.deleteFrom(table).execute();
});
afterEach(() => void vi.useRealTimers());

const plain = ({ body, status }: Visit) => [status, body.replace(/interaction\/[\w-]+/g, '').replace(/value="[^"]*"/g, '')];
const atSignIn = async (path = '', identity = world.identity, web = world.web) => {
  const browser = browserAt(identity);
  const page = await browser.get((await ask(web, redirects.web)).url);
  return { browser, page: path ? await browser.get(page.url + path) : page };
};
const visitedApp = ({ url }: Visit) => url.startsWith(redirects.web);
const mailbox = async () => (await fetch(`${world.identity.url}/dev/mailbox`)).text();
const codeOf = (key: string) => new TOTP({ secret: Secret.fromBase32(key) }).generate({ timestamp: Date.now() });
const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
const enrol = async (login: string) => {
  const browser = browserAt(world.identity);
  const home = await enter(browser, await browser.get(`${issuer}/account`), login);
  const begun = await browser.submit(home, '/account/totp/begin');
  const key = /<code>([A-Z2-7]+)<\/code>/.exec(begun.body)![1]!;
  const confirmed = await browser.submit(begun, '/account/totp/confirm', { code: codeOf(key) });
  await world.database.db.updateTable('totp').set({ last_step: 0 }).execute();
  return { key, backup: [...confirmed.body.matchAll(/<code>([a-z2-9]{5}-[a-z2-9]{5})<\/code>/g)].map(([, code]) => code!) };
};
const passwordAt = async (replica: 'first' | 'second', login = 'alice', password?: string) => {
  const { browser, page } = replica === 'first' ? await atSignIn() : await atSignIn('', second, secondWeb);
  return { browser, page: await enter(browser, page, login, password) };
};
const step = (browser: Browser, page: Visit, code: string) => browser.submit(page, '/second-factor', { code });

/** What was done for a request: hashes made and compared, rows sent by. */
const workOf = async (request: () => Promise<Visit>) => {
  for (const each of [hash, verify]) each.mockClear();
  const before = await mailRows();
  const answer = await request();
  return {
    answer: plain(answer),
    hashes: hash.mock.calls.length,
    compared: verify.mock.calls.length,
    sent: (await mailRows()) - before,
  };
};
const mailRows = async () =>
  (await sql<{ count: number }>`select count(*)::int as count from mail`.execute(world.database.db)).rows[0]!.count;

describe('whether somebody has an account', () => {
  const password = 'a lake full of umbrellas';
  const ways: Record<string, (email: string, times: number) => Promise<Visit>> = {
    'signing in': async (email) => {
      const { browser, page } = await atSignIn();
      const refused = await enter(browser, page, email, 'not the password');
      return { ...refused, body: refused.body.replaceAll(email, '') };
    },
    'signing up': async (email, times) => {
      const { browser, page } = await atSignIn('/sign-up');
      return browser.submit(page, '/sign-up', { email, username: `name-${times}`, name: 'Somebody', password });
    },
    'a forgotten password': async (email) => {
      const { browser, page } = await atSignIn('/forgotten');
      return browser.submit(page, '/forgotten', { email });
    },
    'a forgotten password by SMS': async (email) => {
      const { browser, page } = await atSignIn('/forgotten');
      return browser.submit(page, '/forgotten', { email, by: 'sms' });
    },
    'a wrong code for it': async (email) => {
      const { browser, page } = await atSignIn('/forgotten');
      const asked = await browser.submit(page, '/forgotten', { email });
      return browser.submit(asked, '/reset', { code: 'none', password });
    },
  };

  it.each(Object.keys(ways))('%s tells by no text, status or work', async (way) => {
    await ways[way]!('carol@demo.example', 0);
    const [known, unknown] = [
      await workOf(() => ways[way]!('alice@demo.example', 1)),
      await workOf(() => ways[way]!('nobody@demo.example', 2)),
    ];
    expect(unknown).toEqual(known);
  });

  it('is told by no work while some passwords are hashed with other parameters than others', async () => {
    const { db } = world.database;
    const parameters = (hashed: string) => /m=\d+,t=\d+,p=\d+/.exec(hashed)![0];
    const { hash: usual } = await db.selectFrom('password').select('hash').limit(1).executeTakeFirstOrThrow();
    const argon2id = new Argon2id({ ARGON2_MEMORY_KIB: 8_192, ARGON2_ITERATIONS: 3, ARGON2_PARALLELISM: 1 });
    const costly = await argon2id.hash('another password');
    await db.updateTable('password').set({ hash: costly }).where('account_id', 'in', [userIds.alice, userIds.bob]).execute();
    const nobodys = new NobodysHashes(argon2id, randomBytes(32));
    const names = Array.from({ length: 300 }, (_, index) => `nobody-${index}`);
    const first = await Promise.all(names.map(async (name) => parameters(await nobodys.of(db, name))));
    const share = first.filter((each) => each === parameters(costly)).length / names.length;
    const { rows } = await sql<{
      share: number;
    }>`select (count(*) filter (where hash = ${costly}))::float8 / count(*) as share from password`.execute(db);
    expect(Math.abs(share - rows[0]!.share)).toBeLessThan(0.15);
    expect(await Promise.all(names.map(async (name) => parameters(await nobodys.of(db, name.toUpperCase()))))).toEqual(first);
    await db.updateTable('password').set({ hash: usual }).where('account_id', 'in', [userIds.alice, userIds.bob]).execute();
  });
});

describe('two replicas', () => {
  it('take a code of an app once between them, also at the same moment', async () => {
    const { key } = await enrol('alice');
    const code = codeOf(key);
    const visits = await Promise.all((['first', 'second', 'first', 'second'] as const).map((replica) => passwordAt(replica)));
    const answers = await Promise.all(visits.map(({ browser, page }) => step(browser, page, code)));
    expect(answers.filter(visitedApp)).toHaveLength(1);
    const late = await passwordAt('second');
    expect((await step(late.browser, late.page, code)).status).toBe(401);
  });

  it('count tries of the second step together: whoever guesses at both waits at both', async () => {
    const { key } = await enrol('alice');
    const visits = [await passwordAt('first'), await passwordAt('second')];
    const statuses = [];
    for (let tries = 0; tries < 6; tries++) {
      const { browser, page } = visits[tries % 2]!;
      statuses.push((await step(browser, page, other(codeOf(key)))).status);
    }
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(5);
    expect(statuses.at(-1)).toBe(429);
    const next = await passwordAt('second');
    expect((await step(next.browser, next.page, codeOf(key))).status).toBe(429);
  });

  it('count tries of a password together', async () => {
    const visits = [await atSignIn(), await atSignIn('', second, secondWeb)];
    const answers = await Promise.all(
      Array.from({ length: 14 }, (_, index) => enter(visits[index % 2]!.browser, visits[index % 2]!.page, 'carol', 'not the password')),
    );
    // The first wait is a second, which a slow machine may take for all of this.
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(6);
  });
});

describe('who lost his password and has a second factor', () => {
  const password = 'a field full of lanterns';
  const renew = async (login: string) => {
    const { browser, page } = await atSignIn('/forgotten');
    const asked = await browser.submit(page, '/forgotten', { email: `${login}@demo.example` });
    const code = /\b\d{6}\b/.exec(await mailbox())![0];
    expect((await browser.submit(asked, '/reset', { code, password })).body).toContain('signed out everywhere');
  };

  it('gets in by his mailbox and his app, or a backup code where he lost that too, and by neither alone', async () => {
    const { key, backup } = await enrol('bob');
    await renew('bob');
    const stopped = await passwordAt('first', 'bob', password);
    expect(visitedApp(stopped.page)).toBe(false);
    expect((await stopped.browser.get(`${issuer}/account`)).body).toContain('name="password"');
    expect(stopped.page.body).not.toContain('/second-factor/send');
    expect(visitedApp(await step(stopped.browser, stopped.page, backup[0]!))).toBe(true);
    const again = await passwordAt('first', 'bob', password);
    expect((await step(again.browser, again.page, backup[0]!)).status).toBe(401);
    expect(visitedApp(await step(again.browser, again.page, codeOf(key)))).toBe(true);
  });

  it('may change what proves who he is only after both', async () => {
    const { backup } = await enrol('dave');
    await renew('dave');
    const { browser, page } = await passwordAt('first', 'dave', password);
    for (const path of ['totp/remove', 'backup-codes', 'phone', 'phone/remove', 'passkeys/add/question']) {
      const form_token = /name="form_token"\s+value="([^"]+)"/.exec(page.body)![1]!;
      expect((await browser.post(`${issuer}/account/${path}`, { form_token })).body).toContain('name="password"');
    }
    const factors = await world.database.db.selectFrom('totp').select('confirmed_at').where('account_id', '=', userIds.dave).execute();
    expect(factors).toHaveLength(1);
    expect(visitedApp(await step(browser, page, backup[1]!))).toBe(true);
    const home = await browser.get(`${issuer}/account`);
    expect((await browser.submit(home, '/totp/remove')).body).toContain('Off: your password alone');
  });
});
