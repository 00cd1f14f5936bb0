import { userIds } from '@facet/testing';
import { decodeJwt } from 'jose';
import { sql } from 'kysely';
import * as openid from 'openid-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseAddressTable, parseCountryRule } from '../src/mail/countries.js';
import type { Browser, Visit } from './browser.js';
import { ask, browserAt, clients, enter, redirects, webApp } from './clients.js';
import { inDemoWorld, type DemoWorld } from './demo-world.js';
import { issuer, startIdentity, type Identity } from './start-identity.js';

let world: DemoWorld;
inDemoWorld((ready) => (world = ready));
beforeEach(async () => {
  for (const table of ['attempt', 'mail', 'challenge', 'code_limit', 'backup_code'] as const)
    await world.database.db.deleteFrom(table).execute();
  await world.database.db.updateTable('account').set({ phone_sealed: null, phone_key_version: null, phone_since: null }).execute();
  await world.database.db.updateTable('password').set({ renewed_by: null }).execute();
});

const phone = '+49 1512 3456789';
const alertOf = ({ body }: Visit) => /role="alert"[^>]*>\s*([^<]*?)\s*</.exec(body)?.[1];
const visitedApp = ({ url }: Visit) => url.startsWith(redirects.web);
/** What was sent, newest first: what it is, to whom, and the code in it. */
const sent = async (identity = world.identity) => {
  const page = await (await fetch(`${identity.url}/dev/mailbox`)).text();
  return [...page.matchAll(/<strong>([^<]*)<\/strong><br \/>([^,]*),[\s\S]*?<pre>([^<]*)</g)].map(([, what, to, text]) => ({
    what: what!,
    to: to!,
    text: text!,
    code: /\b\d{6}\b/.exec(text!)?.[0] ?? '',
  }));
};
const another = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
const atHome = async (login: string, identity: Identity = world.identity) => {
  const browser = browserAt(identity);
  return { browser, home: await enter(browser, await browser.get(`${issuer}/account`), login) };
};
const add = async (login: string, number = phone) => {
  const { browser, home } = await atHome(login);
  const asked = await browser.submit(home, '/account/phone', { phone: number });
  const added = await browser.submit(asked, '/phone/verify', { code: (await sent())[0]!.code });
  const backup = [...added.body.matchAll(/<code>([a-z2-9]{5}-[a-z2-9]{5})<\/code>/g)].map(([, code]) => code!);
  return { browser, added, backup };
};
const passwordStep = async (login: string, browser: Browser = browserAt(world.identity), password?: string) => {
  const { url, checks } = await ask(world.web, redirects.web);
  return { browser, checks, page: await enter(browser, await browser.get(url), login, password) };
};
const codeStep = async (login: string, password?: string) => {
  const { browser, page, checks } = await passwordStep(login, undefined, password);
  return { browser, checks, page: await browser.submit(page, '/second-factor/send') };
};

describe('a phone', () => {
  it('is added by the code that it gets, rests sealed, is a second step from then on, and can be removed', async () => {
    const { browser, added, backup } = await add('alice');
    expect((await sent())[0]).toMatchObject({ what: 'SMS', to: '+4915123456789' });
    expect([added.status, backup.length]).toEqual([200, 10]);
    const { rows } = await sql<{ row: string }>`select account::text as row from account`.execute(world.database.db);
    const hidden = ['+4915123456789', Buffer.from('+4915123456789').toString('hex')];
    for (const each of hidden) expect(rows.map(({ row }) => row).join()).not.toContain(each);
    const home = (await atHome('alice')).home;
    expect(home.body).toContain('name="code"');
    const page = await browser.get(`${issuer}/account`);
    // Who proved his password alone may change nothing now.
    expect((await browser.submit(page, '/phone/remove')).body).toContain('name="password"');
    const { browser: proven, page: asked } = await codeStep('alice');
    await proven.submit(asked, '/second-factor/sent', { code: (await sent())[0]!.code });
    const mine = await proven.get(`${issuer}/account`);
    expect(mine.body).toContain('+49 1512 3456789');
    const removed = await proven.submit(mine, '/phone/remove');
    expect(removed.body).toContain('Add the phone');
    expect(visitedApp((await passwordStep('alice')).page)).toBe(true);
    expect(await world.database.db.selectFrom('backup_code').selectAll().execute()).toEqual([]);
  });

  it('is his only who has the code of this visit: five tries, and then another code', async () => {
    const { browser, home } = await atHome('bob');
    let asked = await browser.submit(home, '/account/phone', { phone });
    const { code } = (await sent())[0]!;
    const { browser: other, home: otherHome } = await atHome('carol');
    const ofOther = await other.submit(otherHome, '/account/phone', { phone });
    expect((await other.submit(ofOther, '/phone/verify', { code })).status).toBe(401);
    for (let tries = 0; tries < 4; tries++) asked = await browser.submit(asked, '/phone/verify', { code: another(code) });
    expect(alertOf(asked)).toBe('That is not the code.');
    const over = await browser.submit(asked, '/phone/verify', { code: another(code) });
    expect([over.status, alertOf(over)]).toEqual([410, 'That code is used up or has expired. Please ask for another.']);
    expect((await browser.submit(asked, '/phone/verify', { code })).status).toBe(410);
    expect((await browser.get(`${issuer}/account`)).body).toContain('Add the phone');
  });

  it.each(['0151 23456789', '+49 900 1234567', '+49 30 123456', 'nonsense'])('is not %s', async (number) => {
    const { browser, home } = await atHome('bob');
    const refused = await browser.submit(home, '/account/phone', { phone: number });
    expect([refused.status, alertOf(refused)]).toEqual([422, expect.stringContaining('begins with +')]);
    expect(refused.body).toContain(`value="${number}"`);
    expect(await sent()).toEqual([]);
  });

  it('gets a few codes an hour, whoever asks for them', async () => {
    const statuses = [];
    for (let times = 0; times < 6; times++) {
      const { browser, home } = await atHome(times % 2 ? 'bob' : 'carol');
      statuses.push((await browser.submit(home, '/account/phone', { phone })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
  });

  it('is in the data of its owner', async () => {
    const { browser } = await add('carol');
    const { browser: proven, page } = await codeStep('carol');
    await proven.submit(page, '/second-factor/sent', { code: (await sent())[0]!.code });
    const { body } = await browser.submit(await browser.get(`${issuer}/account`), '/account/export');
    expect(JSON.parse(body)).toMatchObject({ account: { phone: '+4915123456789' } });
  });
});

describe('the second step by SMS', () => {
  it('signs in, and the token says how', async () => {
    await add('alice');
    const { browser, page, checks } = await codeStep('alice');
    expect(page.body).toContain('Should no SMS get there, it comes by e-mail instead');
    const back = await browser.submit(page, '/second-factor/sent', { code: (await sent())[0]!.code });
    const tokens = await openid.authorizationCodeGrant(world.web, new URL(back.url), checks);
    expect(decodeJwt(tokens.access_token)).toMatchObject({ acr: 'urn:facet:acr:2', amr: ['pwd', 'sms', 'mfa'] });
  });

  it('takes a code once, in the visit that asked for it, until it expires', async () => {
    await add('alice');
    const [one, two] = [await codeStep('alice'), await codeStep('alice')];
    const [newer, older] = (await sent()).map(({ code }) => code);
    expect((await one.browser.submit(one.page, '/second-factor/sent', { code: newer! })).status).toBe(401);
    expect(visitedApp(await one.browser.submit(one.page, '/second-factor/sent', { code: older! }))).toBe(true);
    expect((await one.browser.submit(one.page, '/second-factor/sent', { code: older! })).status).not.toBe(302);
    await world.database.db.updateTable('challenge').where('purpose', '=', 'second-code').set({ expires_at: new Date() }).execute();
    expect((await two.browser.submit(two.page, '/second-factor/sent', { code: newer! })).status).toBe(410);
  });

  it('cannot be guessed: five tries for a code, and over all codes a wait that grows', async () => {
    await add('alice');
    const { browser, page } = await codeStep('alice');
    const { code } = (await sent())[0]!;
    const statuses = [];
    for (let tries = 0; tries < 5; tries++)
      statuses.push((await browser.submit(page, '/second-factor/sent', { code: another(code) })).status);
    expect(statuses).toEqual([401, 401, 401, 401, 410]);
    await world.database.db.deleteFrom('code_limit').execute();
    const next = await codeStep('alice');
    expect((await next.browser.submit(next.page, '/second-factor/sent', { code: (await sent())[0]!.code })).status).toBe(429);
  });

  it('is not offered to, and sent for nobody who, has no phone', async () => {
    await add('alice');
    const { browser, page } = await passwordStep('alice');
    expect(page.body).toContain('/second-factor/send"');
    await world.database.db.updateTable('account').set({ phone_sealed: null }).execute();
    await world.database.db.deleteFrom('mail').execute();
    expect((await browser.submit(page, '/second-factor/send')).status).toBe(410);
    expect(await sent()).toEqual([]);
  });

  it('to a phone that was removed meanwhile proves nothing', async () => {
    const { browser: mine } = await add('alice');
    const thief = await codeStep('alice');
    const { code } = (await sent())[0]!;
    const owner = await codeStep('alice');
    await owner.browser.submit(owner.page, '/second-factor/sent', { code: (await sent())[0]!.code });
    await owner.browser.submit(await owner.browser.get(`${issuer}/account`), '/phone/remove');
    expect((await thief.browser.submit(thief.page, '/second-factor/sent', { code })).status).toBe(410);
    expect((await mine.get(`${issuer}/account`)).status).toBe(200);
  });
});

describe('a forgotten password', () => {
  const forget = async (email: string, by?: string) => {
    const browser = browserAt(world.identity);
    const page = await browser.get((await ask(world.web, redirects.web)).url);
    const asked = await browser.submit(await browser.get(`${page.url}/forgotten`), '/forgotten', { email, ...(by && { by }) });
    return { browser, asked };
  };
  const plain = ({ body }: Visit) => body.replace(/interaction\/[\w-]+/g, '').replace(/value="[^"]*"/g, '');

  it('by SMS looks the same for who has a phone, who has none, and who has no account', async () => {
    await add('alice');
    await world.database.db.deleteFrom('mail').execute();
    const answers = [];
    for (const email of ['alice@demo.example', 'dave@demo.example', 'nobody@demo.example']) {
      const { asked } = await forget(email, 'sms');
      answers.push([asked.status, plain(asked)]);
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect((await sent()).map(({ what, to }) => [what, to]).reverse()).toEqual([
      ['SMS', '+4915123456789'],
      ['Your Facet code', 'dave@demo.example'],
      ['No Facet account', 'nobody@demo.example'],
    ]);
  });

  it('waits by what somebody enters, and not by how many codes the phone behind it got', async () => {
    await add('alice');
    const { browser, home } = await atHome('bob');
    for (let times = 0; times < 4; times++) expect((await browser.submit(home, '/account/phone', { phone })).status).toBe(200);
    expect((await browser.submit(home, '/account/phone', { phone })).status).toBe(429);
    expect((await forget('alice@demo.example', 'sms')).asked.status).toBe(200);
    expect((await sent())[0]).toMatchObject({ to: 'alice@demo.example' });
  });

  it.each([
    ['sms', 'Your Facet code', 'otp'],
    ['mail', 'SMS', 'sms'],
  ])(
    'renewed by %s is followed by a second step by another way alone: the same mailbox or phone twice is one proof',
    async (by, what, method) => {
      await add('dave');
      const { browser, asked } = await forget('dave@demo.example', by);
      const password = `a lake full of umbrellas ${by}`;
      expect((await browser.submit(asked, '/reset', { code: (await sent())[0]!.code, password })).body).toContain('signed out everywhere');
      await world.database.db.deleteFrom('mail').execute();
      const { browser: later, page, checks } = await codeStep('dave', password);
      expect(page.body).not.toContain('Should no SMS get there');
      const [second, ...more] = await sent();
      expect([second!.what, more]).toEqual([what, []]);
      const back = await later.submit(page, '/second-factor/sent', { code: second!.code });
      const tokens = await openid.authorizationCodeGrant(world.web, new URL(back.url), checks);
      expect(decodeJwt(tokens.access_token)).toMatchObject({ amr: ['pwd', method, 'mfa'] });
      // Both were proved: from now on it is a password as any.
      expect((await codeStep('dave', password)).page.body).toContain('Should no SMS get there');
      await reset('dave');
    },
  );

  async function reset(username: 'dave') {
    const { hash } = await world.database.db
      .selectFrom('password')
      .select('hash')
      .where('account_id', '=', userIds.bob)
      .executeTakeFirstOrThrow();
    await world.database.db.updateTable('password').set({ hash, renewed_by: null }).where('account_id', '=', userIds[username]).execute();
  }
});

describe('countries', () => {
  const rules = {
    PHONE_COUNTRIES: parseCountryRule('allow:AT,CH'),
    ADDRESS_COUNTRIES: parseCountryRule('deny:KP'),
    ADDRESS_TABLE: parseAddressTable('127.0.0.0/8 ZZ')!,
  };

  it('whose numbers get no codes are said to, and the trail tells of it', async () => {
    const identity = await startIdentity(world.database, 'development', { CLIENTS: clients, ...rules });
    const { browser, home } = await atHome('bob', identity);
    const refused = await browser.submit(home, '/account/phone', { phone });
    expect([refused.status, alertOf(refused)]).toEqual([403, 'We send no codes to numbers of that country.']);
    expect(await sent(identity)).toEqual([]);
    const [row] = await world.database.db.selectFrom('audit_event').selectAll().orderBy('id', 'desc').limit(1).execute();
    expect(row).toMatchObject({ event: 'code', outcome: 'refused', about: 'country', account_id: userIds.bob });
    expect((await browser.submit(home, '/account/phone', { phone: '+43 664 1234567' })).status).toBe(200);
    await identity.stop();
  });

  it('from which nobody may ask for codes are told so, whether the account exists or not, and the trail tells of it', async () => {
    const table = parseAddressTable('127.0.0.0/8 KP')!;
    const identity = await startIdentity(world.database, 'development', { CLIENTS: clients, ...rules, ADDRESS_TABLE: table });
    const web = await webApp(identity);
    const answers = [];
    for (const email of ['alice@demo.example', 'nobody@demo.example']) {
      const browser = browserAt(identity);
      const page = await browser.get((await ask(web, redirects.web)).url);
      const refused = await browser.submit(await browser.get(`${page.url}/forgotten`), '/forgotten', { email });
      answers.push([refused.status, alertOf(refused)]);
    }
    expect(answers).toEqual(Array(2).fill([403, 'We send no codes to where you are now.']));
    const rows = await world.database.db.selectFrom('audit_event').selectAll().orderBy('id', 'desc').limit(2).execute();
    expect(rows).toMatchObject(Array(2).fill({ event: 'password-reset', outcome: 'refused', about: 'country' }));
    expect(await sent(identity)).toEqual([]);
    await identity.stop();
  });
});

describe('where the gateway cannot be reached', () => {
  const atSecondStep = async () => {
    await add('alice');
    await world.database.db.deleteFrom('mail').execute();
    const identity = await startIdentity(world.database, 'development', { CLIENTS: clients, SMS_URL: 'http://127.0.0.1:1/send' });
    const browser = browserAt(identity);
    const page = await enter(browser, await browser.get((await ask(await webApp(identity), redirects.web)).url));
    return { identity, browser, page };
  };

  it('the code comes by e-mail', async () => {
    const { identity, browser, page } = await atSecondStep();
    const asked = await browser.submit(page, '/second-factor/send');
    expect(asked.body).toContain('Should no SMS get there');
    await expect.poll(async () => (await sent(identity))[0]?.what, { timeout: 20_000 }).toBe('Your Facet code');
    const { code, to } = (await sent(identity))[0]!;
    expect(to).toBe('alice@demo.example');
    expect(visitedApp(await browser.submit(asked, '/second-factor/sent', { code }))).toBe(true);
    await identity.stop();
  });

  it('no e-mail is a second step to who renewed his password by e-mail: the message waits', async () => {
    const { identity, browser, page } = await atSecondStep();
    await world.database.db.updateTable('password').set({ renewed_by: 'mail' }).execute();
    expect((await browser.submit(page, '/second-factor/send')).body).not.toContain('e-mail');
    const waiting = () => sql<{ kind: string }>`select kind from mail where tries > 0 and send_after < now() + interval '1 minute'`;
    await expect.poll(async () => (await waiting().execute(world.database.db)).rows, { timeout: 20_000 }).toEqual([{ kind: 'sms' }]);
    await identity.stop();
  });
});
