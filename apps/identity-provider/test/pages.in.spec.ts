import { hash } from 'node:crypto';
import { AccountOpened } from '@facet/contracts/accounts';
import { Events } from '@facet/events';
import { userIds } from '@facet/testing';
import { sql } from 'kysely';
import * as openid from 'openid-client';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Argon2id } from '../src/sign-in/argon2id.js';
import type { Visit } from './browser.js';
import { ask, browserAt, clients, enter, mobileApp, redirects, signInAt, webApp } from './clients.js';
import { inDemoWorld, type DemoWorld } from './demo-world.js';
import { identityDatabase, issuer, startIdentity } from './start-identity.js';

let database: DemoWorld['database'];
let identity: DemoWorld['identity'];
let web: DemoWorld['web'];

inDemoWorld((world) => ({ database, identity, web } = world));
beforeEach(async () => {
  await database.db.deleteFrom('attempt').execute();
  await database.db.deleteFrom('mail').execute();
});

const atSignIn = async (headers?: Record<string, string>) => {
  const browser = browserAt(identity, headers);
  return { browser, page: await browser.get((await ask(web, redirects.web)).url) };
};
const linkOf = ({ url, body }: Visit, end: string) => new URL(new RegExp(`href="([^"]*${end})"`).exec(body)![1]!, url).href;
const atPage = async (end: string) => {
  const { browser, page } = await atSignIn();
  return { browser, page: await browser.get(linkOf(page, end)) };
};
const mailbox = async () => (await fetch(`${identity.url}/dev/mailbox`)).text();
const codeIn = async () => /\b\d{6}\b/.exec(await mailbox())![0];
const another = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
const zoe = { email: 'zoe@example.org', username: 'zoe', name: 'Zoe', password: 'a lake full of umbrellas' };
const alertOf = ({ body }: Visit) => /role="alert"[^>]*>\s*([^<]*?)\s*</.exec(body)?.[1];

describe('signing in', () => {
  it('refuses who does not exist in the same words, with the same status and after the same work as a wrong password', async () => {
    const verify = vi.spyOn(Argon2id.prototype, 'verify');
    onTestFinished(() => verify.mockRestore());
    const answers = [];
    for (const login of ['alice', 'alice@demo.example', 'nobody', 'nobody@demo.example', 'demo-partner-bot']) {
      verify.mockClear();
      const { browser, page } = await atSignIn();
      const refused = await enter(browser, page, login, 'not the password');
      answers.push([refused.status, alertOf(refused), verify.mock.calls.length]);
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify([401, 'That name and password do not belong together.', 1])]),
    );
  });

  it.each(['carol', 'a-name-that-nobody-has'])(
    'makes who guesses the password of %s wait, longer each time, and nobody else',
    async (login) => {
      const { browser, page } = await atSignIn();
      const answers = await Promise.all(Array.from({ length: 15 }, () => enter(browser, page, login, 'not the password')));
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
      const blocked = database.db.updateTable('attempt').where('blocked_until', '>', ({ ref }) => ref('last_at'));
      await blocked.set({ blocked_until: sql`now() + interval '1 minute'` }).execute();
      const waiting = await enter(browser, page, login, 'facet-demo');
      expect([waiting.status, Number(waiting.headers.get('retry-after')) > 0]).toEqual([429, true]);
      await database.db.updateTable('attempt').set({ blocked_until: new Date() }).execute();
      await enter(browser, page, login, 'not the password');
      const { rows } = await sql<{
        wait: number;
      }>`select extract(epoch from blocked_until - last_at)::int as wait from attempt order by 1 desc`.execute(database.db);
      expect(rows[0]!.wait).toBe(3);
      expect((await enter(browser, page, 'bob')).url).toContain(redirects.web);
    },
  );

  it('makes an address wait that tries many names', async () => {
    const { browser, page } = await atSignIn();
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => enter(browser, page, `user-${index}`, 'not the password')));
    // The first wait is a second, which a slow machine may take for all of this.
    const tried = answers.filter(({ status }) => status === 401).length;
    expect([tried >= 21, tried <= 23]).toEqual([true, true]);
  });

  it('hashes the password anew when the parameters have changed', async () => {
    const hashOfAlice = async () =>
      (await database.db.selectFrom('password').select('hash').where('account_id', '=', userIds.alice).executeTakeFirstOrThrow()).hash;
    expect(await hashOfAlice()).toContain('m=8192,t=1,p=1');
    const stronger = await startIdentity(database, 'development', { CLIENTS: clients, ARGON2_ITERATIONS: 2 });
    await signInAt(stronger, await webApp(stronger), redirects.web);
    expect(await hashOfAlice()).toContain('m=8192,t=2,p=1');
    await stronger.stop();
    await signInAt(identity, web, redirects.web);
  });

  it('can be cancelled, and the application is told', async () => {
    const { browser, page } = await atSignIn();
    expect(new URL((await browser.submit(page, '/cancel')).url).searchParams.get('error')).toBe('access_denied');
  });
});

describe('a browser that is signed in', () => {
  const allowed = (page: Visit) => {
    const policy = page.headers.get('content-security-policy')!;
    const script = /<script>([\s\S]*?)<\/script>/.exec(page.body)![1]!;
    expect(policy).toContain(`script-src 'sha256-${hash('sha256', script, 'base64')}'`);
    return policy;
  };

  it('can change to another account, whose code the application then gets', async () => {
    const { browser } = await signInAt(identity, web, redirects.web, { login: 'alice' });
    const { url, checks } = await ask(web, redirects.web, { prompt: 'login' });
    const between = await enter(browser, await browser.get(url), 'carol');
    expect(allowed(between)).toContain("form-action 'self' https://identity.test https://web.test;");
    const back = await browser.submit(between, '/session/end/confirm');
    expect((await openid.authorizationCodeGrant(web, new URL(back.url), checks)).claims()!.sub).toBe(userIds.carol);
  });

  it('can give an application its answer by a form', async () => {
    const { browser } = await signInAt(identity, web, redirects.web);
    const page = await browser.get((await ask(web, redirects.web, { response_mode: 'form_post' })).url);
    expect(allowed(page)).toContain("form-action 'self' https://web.test;");
    expect(page.body).toContain('name="code"');
  });

  it('is asked who is there once its account is locked', async () => {
    const { browser } = await signInAt(identity, web, redirects.web, { login: 'dave' });
    const status = (value: 'active' | 'locked') =>
      database.db.updateTable('account').set({ status: value }).where('id', '=', userIds.dave).execute();
    await status('locked');
    const page = await browser.get((await ask(web, redirects.web)).url);
    expect([page.status, page.body.includes('name="password"')]).toEqual([200, true]);
    expect((await enter(browser, page, 'dave')).status).toBe(401);
    expect((await browser.get(`${issuer}/account`)).body).toContain('name="password"');
    await status('active');
  });
});

describe('signing up', () => {
  it('takes an address by the code that was mailed to it, opens an account that the others hear of, and goes on to the application', async () => {
    const { browser, page } = await atPage('/sign-up');
    const asked = await browser.submit(page, '/sign-up', zoe);
    const code = await codeIn();
    const { rows } = await sql<{ row: string }>`select mail::text as row from mail union all select challenge::text from challenge`.execute(
      database.db,
    );
    expect(rows.map(({ row }) => row).join()).not.toMatch(new RegExp(`${code}|${Buffer.from(code).toString('hex')}|zoe`));

    const wrong = await browser.submit(asked, '/verify', { code: another(code) });
    expect([wrong.status, alertOf(wrong)]).toEqual([401, 'That is not the code.']);
    expect((await browser.submit(wrong, '/verify', { code })).url).toContain(redirects.web);
    await identity.app.get(Events, { strict: false }).flush();
    expect(await database.published(AccountOpened)).toContainEqual(
      expect.objectContaining({ username: 'zoe', email: zoe.email, role: 'user' }),
    );
    const { browser: later, page: again } = await atSignIn();
    expect((await enter(later, again, 'ZOE@example.org', zoe.password)).url).toContain(redirects.web);
  });

  it('tells nobody that an address has an account: the page is the same, the letter says so, and no code is right', async () => {
    const fresh = await atPage('/sign-up');
    const unknown = await fresh.browser.submit(fresh.page, '/sign-up', { ...zoe, email: 'new@example.org', username: 'new-one' });
    const { browser, page } = await atPage('/sign-up');
    const known = await browser.submit(page, '/sign-up', { ...zoe, email: 'alice@demo.example', username: 'alice-two' });
    const plain = ({ body }: Visit) => body.replace(/interaction\/[\w-]+/g, '').replace(/value="[^"]*"/g, '');
    expect([known.status, plain(known)]).toEqual([unknown.status, plain(unknown)]);
    expect(await mailbox()).toContain('It has an account already');
    expect((await browser.submit(known, '/verify', { code: '000000' })).status).toBe(401);
  });

  it('gives a code five tries, and to a second one nothing of the first', async () => {
    const { browser, page } = await atPage('/sign-up');
    let asked = await browser.submit(page, '/sign-up', { ...zoe, email: 'five@example.org', username: 'five' });
    const code = await codeIn();
    for (let tries = 0; tries < 4; tries++) asked = await browser.submit(asked, '/verify', { code: another(code) });
    const over = await browser.submit(asked, '/verify', { code: another(code) });
    expect([over.status, alertOf(over)]).toEqual([410, 'That code is used up or has expired. Please ask for another.']);
    expect((await browser.submit(asked, '/verify', { code })).status).toBe(410);
  });

  it('takes no code that has expired, and none of another visit', async () => {
    const { browser, page } = await atPage('/sign-up');
    const asked = await browser.submit(page, '/sign-up', { ...zoe, email: 'late@example.org', username: 'late' });
    const code = await codeIn();
    const other = await atPage('/sign-up');
    const ofOther = await other.browser.submit(other.page, '/sign-up', { ...zoe, email: 'later@example.org', username: 'later' });
    expect((await other.browser.submit(ofOther, '/verify', { code })).status).toBe(401);
    await database.db.updateTable('challenge').set({ expires_at: new Date() }).execute();
    expect((await browser.submit(asked, '/verify', { code })).status).toBe(410);
  });

  it.each([
    ['a common password', { password: 'password1234' }, 422],
    ['a password made of the name', { password: 'zoezoezoe1' }, 422],
    ['no e-mail', { email: 'zoe' }, 422],
    ['a username with capitals inside is taken small, and that one exists', { username: 'ALICE', email: 'x@example.org' }, 409],
  ])('refuses %s, keeps what was filled in, and never the password', async (_, fill, status) => {
    const { browser, page } = await atPage('/sign-up');
    const refused = await browser.submit(page, '/sign-up', { ...zoe, ...fill });
    expect(refused.status).toBe(status);
    expect(refused.body).toContain('value="Zoe"');
    expect(refused.body).not.toContain((fill as { password?: string }).password ?? zoe.password);
  });

  it('mails an address a few times and then makes it wait', async () => {
    const { browser, page } = await atPage('/forgotten');
    const answers = [];
    for (let times = 0; times < 7; times++)
      answers.push((await browser.submit(page, '/forgotten', { email: 'nobody@example.org' })).status);
    expect(answers).toEqual([200, 200, 200, 200, 200, 429, 429]);
  });
});

describe('a forgotten password', () => {
  it('is replaced by code; all that was signed in with the old one ends', async () => {
    const before = await signInAt(identity, web, redirects.web, { login: 'bob' });
    const { browser, page } = await atPage('/forgotten');
    const asked = await browser.submit(page, '/forgotten', { email: 'Bob@demo.example' });
    const weak = await browser.submit(asked, '/reset', { code: await codeIn(), password: 'password1234' });
    expect(weak.status).toBe(422);
    const changed = await browser.submit(weak, '/reset', { code: await codeIn(), password: zoe.password });
    expect(changed.body).toContain('signed out everywhere');
    await expect(openid.refreshTokenGrant(web, before.tokens.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' });
    const back = await browser.get(linkOf(changed, '/interaction/[^"]*'));
    const refused = await enter(browser, back, 'bob');
    expect(refused.status).toBe(401);
    expect((await enter(browser, refused, 'bob', zoe.password)).url).toContain(redirects.web);
  });

  it('of nobody looks the same, and its letter says that there is no account', async () => {
    const one = await atPage('/forgotten');
    const known = await one.browser.submit(one.page, '/forgotten', { email: 'carol@demo.example' });
    const other = await atPage('/forgotten');
    const unknown = await other.browser.submit(other.page, '/forgotten', { email: 'nobody@demo.example' });
    const plain = ({ body }: Visit) => body.replace(/interaction\/[\w-]+/g, '').replace(/value="[^"]*"/g, '');
    expect([unknown.status, plain(unknown)]).toEqual([known.status, plain(known)]);
    expect(await mailbox()).toContain('It has no account');
    expect((await other.browser.submit(unknown, '/reset', { code: '123456', password: zoe.password })).status).toBe(401);
  });
});

describe('the account page', () => {
  const atHome = async (login: string, headers?: Record<string, string>) => {
    const browser = browserAt(identity, headers);
    return { browser, page: await enter(browser, await browser.get(`${issuer}/account`), login) };
  };

  it('shows where somebody is signed in and ends what he chooses', async () => {
    const mobile = await mobileApp(identity);
    const dpop = openid.getDPoPHandle(mobile, await openid.randomDPoPKeyPair('ES256'));
    const { tokens } = await signInAt(identity, mobile, redirects.mobile, { dpop, login: 'carol' });
    const { browser, page } = await atHome('carol', { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0' });
    expect(page.url).toContain(`${issuer}/account`);
    expect(page.body).toContain('from 127.0.0.1 (Firefox, Linux)');
    for (const text of ['You are CAROL (carol).', 'This browser', 'Another browser', 'Facet (phone)']) expect(page.body).toContain(text);
    const form = page.body.slice(page.body.indexOf('Facet (phone)'));
    const id = /name="id"\s+value="([^"]+)"/.exec(form)![1]!;
    expect((await browser.submit(page, '/account/end', { id })).body).not.toContain('Facet (phone)');
    await expect(openid.refreshTokenGrant(mobile, tokens.refresh_token!, undefined, { DPoP: dpop })).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('ends nothing of anybody else', async () => {
    const { tokens } = await signInAt(identity, web, redirects.web, { login: 'alice' });
    const grant = await database.db
      .selectFrom('oidc_state')
      .select('id_hash')
      .where('account_id', '=', userIds.alice)
      .where('model', '=', 'Grant')
      .executeTakeFirstOrThrow();
    const { browser, page } = await atHome('carol');
    expect((await browser.submit(page, '/account/end', { id: grant.id_hash })).status).toBe(404);
    await openid.refreshTokenGrant(web, tokens.refresh_token!);
  });

  it('gives somebody his data, and no hash of his password', async () => {
    const { browser, page } = await atHome('carol');
    const { body, headers } = await browser.submit(page, '/account/export');
    expect(headers.get('content-disposition')).toContain('attachment');
    expect(JSON.parse(body)).toMatchObject({
      account: { id: userIds.carol, email: 'carol@demo.example' },
      password: { changedAt: expect.any(String) },
    });
    expect(body).not.toContain('argon2');
  });
});

describe('every page', () => {
  const pages = async () => {
    const { page } = await atSignIn();
    const [up, forgotten] = await Promise.all([atPage('/sign-up'), atPage('/forgotten')]);
    return [page, up.page, forgotten.page, await browserAt(identity).get(`${issuer}/interaction/nothing`)];
  };

  it('keeps scripts, frames and things of others out, and is kept nowhere', async () => {
    for (const { headers, body } of await pages()) {
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none';( script-src 'self'; connect-src 'self';)? style-src 'self'; img-src data:; form-action 'self'.*frame-ancestors 'none'$/,
      );
      expect([headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual(['no-store', 'nosniff']);
      expect(body.replace('<script src="/assets/passkeys.js" defer></script>', '')).not.toMatch(/<script|\sstyle=|\son\w+=/);
    }
  });

  it('has a language, a title, one heading, and a label for each field', async () => {
    for (const { body } of await pages()) {
      expect(body).toMatch(/<html lang="en">/);
      expect(body).toMatch(/<title>[^<]+ · Facet<\/title>/);
      expect(body.match(/<h1>/g)).toHaveLength(1);
      const fields = [...body.matchAll(/<input(?![^>]*type="hidden")[^>]*id="([^"]+)"/g)].map(([, id]) => id);
      for (const id of fields) expect(body).toContain(`<label for="${id}">`);
    }
  });

  it('speaks the first of our languages that the browser asks for', async () => {
    const { page } = await atSignIn({ 'accept-language': 'fr-FR,de-DE;q=0.8,en;q=0.5' });
    expect(page.body).toContain('<html lang="de">');
    expect(page.body).toContain('Anmelden');
  });

  it.each([
    ['without the token of this visit', { form_token: '' }, {}],
    ['with that of another visit', { form_token: 'x'.repeat(43) }, {}],
    ['from another site', {}, { 'sec-fetch-site': 'cross-site' }],
  ])('takes no form %s', async (_, fill, headers) => {
    const { browser, page } = await atSignIn(headers);
    const refused = await browser.submit(page, '/sign-in', { login: 'alice', password: 'facet-demo', ...fill });
    expect([refused.status, alertOf(refused)]).toEqual([403, expect.stringContaining('expired')]);
  });

  it('of a sign-in belongs to the browser that began it', async () => {
    const { page } = await atSignIn();
    expect((await browserAt(identity).get(page.url)).status).toBe(400);
  });

  it('escapes what came from the request', async () => {
    const { browser, page } = await atSignIn();
    const refused = await enter(browser, page, '"><script>alert(1)</script>', 'x');
    expect(refused.body).not.toContain('<script>');
  });
});

it('in production without a mail server nobody is offered what needs one', async () => {
  const production = await startIdentity(await identityDatabase(), 'production', { CLIENTS: clients });
  const browser = browserAt(production);
  const page = await browser.get((await ask(await webApp(production), redirects.web)).url);
  expect(page.body).not.toContain('/sign-up');
  expect((await fetch(`${production.url}/interaction/x/sign-up`)).status).toBe(404);
  await production.stop();
});
