import { userIds } from '@facet/testing';
import { decodeJwt } from 'jose';
import { sql } from 'kysely';
import * as openid from 'openid-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { Authenticator, type Question, type Quirks } from './authenticator.js';
import type { Browser, Visit } from './browser.js';
import { ask, browserAt, enter, redirects } from './clients.js';
import { inDemoWorld, type DemoWorld } from './demo-world.js';
import { issuer } from './start-identity.js';

let database: DemoWorld['database'];
let identity: DemoWorld['identity'];
let web: DemoWorld['web'];

inDemoWorld((world) => ({ database, identity, web } = world));
beforeEach(async () => {
  for (const table of ['passkey', 'passkey_challenge', 'totp', 'backup_code', 'attempt'] as const)
    await database.db.deleteFrom(table).execute();
});

const questionAt = async (browser: Browser, page: Visit, action: string): Promise<Question> => {
  const asked = await browser.submit({ ...page, body: page.body.replace(`${action}"`, `${action}/question"`) }, `${action}/question`);
  if (asked.status !== 200) throw new Error(`${asked.status} ${asked.body}`);
  return JSON.parse(asked.body) as Question;
};
const atHome = async (login: string) => {
  const browser = browserAt(identity);
  return { browser, home: await enter(browser, await browser.get(`${issuer}/account`), login) };
};
const add = async (browser: Browser, home: Visit, passkey: Authenticator, name = 'Phone', quirks: Quirks = {}) =>
  browser.submit(home, '/passkeys/add', { name, answer: passkey.create(await questionAt(browser, home, '/passkeys/add'), quirks) });
const enrol = async (login: string, passkey = new Authenticator(issuer)) => {
  const { browser, home } = await atHome(login);
  const added = await add(browser, home, passkey);
  const backup = [...added.body.matchAll(/<code>([a-z2-9]{5}-[a-z2-9]{5})<\/code>/g)].map(([, code]) => code!);
  return { browser, passkey, added, backup };
};
const atSignIn = async (more: Record<string, string> = {}, browser = browserAt(identity)) => {
  const { url, checks } = await ask(web, redirects.web, more);
  return { browser, checks, page: await browser.get(url) };
};
const answer = async (browser: Browser, page: Visit, passkey: Authenticator, quirks: Quirks = {}, action = '/passkey') =>
  browser.submit(page, action, { answer: passkey.get(await questionAt(browser, page, action), quirks) });
const signInWith = async (passkey: Authenticator, quirks: Quirks = {}) => {
  const { browser, page, checks } = await atSignIn();
  return { browser, checks, back: await answer(browser, page, passkey, quirks) };
};
const visitedApp = ({ url }: Visit) => url.startsWith(redirects.web);
const claimsOf = async (back: Visit, checks: openid.AuthorizationCodeGrantChecks) =>
  decodeJwt((await openid.authorizationCodeGrant(web, new URL(back.url), checks)).access_token);

describe('a passkey', () => {
  it.each([
    ['stays on its device', false, ['hwk', 'user', 'mfa']],
    ['is synced between devices', true, ['swk', 'user', 'mfa']],
  ])('that %s signs in without a name or password, as two factors', async (_, synced, amr) => {
    const { passkey } = await enrol('alice', new Authenticator(issuer, synced));
    const { back, checks } = await signInWith(passkey);
    expect(await claimsOf(back, checks)).toMatchObject({ sub: userIds.alice, acr: 'urn:facet:acr:2', amr });
  });

  it('is asked for after the password, and no other account may answer', async () => {
    const { passkey } = await enrol('alice');
    const { passkey: carols } = await enrol('carol');
    const { browser, page, checks } = await atSignIn();
    const second = await enter(browser, page, 'alice');
    expect(visitedApp(second)).toBe(false);
    const refused = await answer(browser, second, carols, {}, '/second-factor/passkey');
    expect(refused.status).toBe(401);
    const back = await answer(browser, refused, passkey, {}, '/second-factor/passkey');
    expect(await claimsOf(back, checks)).toMatchObject({ sub: userIds.alice, acr: 'urn:facet:acr:2', amr: ['pwd', 'hwk', 'user', 'mfa'] });
  });

  it('comes with backup codes, for who has nothing else, and they go with the last one', async () => {
    const { browser, backup } = await enrol('alice');
    expect(new Set(backup).size).toBe(10);
    const { browser: other, page } = await atSignIn();
    const back = await other.submit(await enter(other, page, 'alice'), '/second-factor', { code: backup[0]! });
    expect(visitedApp(back)).toBe(true);
    const home = await other.get(`${issuer}/account`);
    await other.submit(home, '/passkeys/remove');
    expect(await database.db.selectFrom('backup_code').selectAll().execute()).toEqual([]);
    const { browser: third, page: again } = await atSignIn();
    expect(visitedApp(await enter(third, again, 'alice'))).toBe(true);
    expect(browser.cookies()).toContain('__Host-facet_session');
  });

  it('has a name and its last use on the account page; there may be several; each can be removed', async () => {
    const { passkey } = await enrol('alice');
    const { browser } = await signInWith(passkey);
    const added = await add(browser, await browser.get(`${issuer}/account`), new Authenticator(issuer), '<b>Key</b>');
    expect(added.body).toContain('&lt;b&gt;Key&lt;/b&gt;');
    expect(added.body).toMatch(/<strong>Phone<\/strong><br \/>since [\d-]+ [\d:]+ UTC, last used 20/);
    expect(added.body).toContain('last used never');
    const left = await browser.submit(added, '/passkeys/remove', { id: passkey.id.toString('base64url') });
    expect(left.body).not.toContain('<strong>Phone</strong>');
    expect((await signInWith(passkey)).back.status).toBe(401);
  });

  it('is removed by its owner alone', async () => {
    const { passkey } = await enrol('alice');
    const { browser, home } = await atHome('bob');
    const added = await add(browser, home, new Authenticator(issuer));
    expect(added.status).toBe(200);
    const sent = await browser.submit(await browser.get(`${issuer}/account`), '/passkeys/remove');
    expect(sent.body).toContain('name="password"');
    const { browser: bobs } = await enrol('dave');
    await database.db.deleteFrom('passkey').where('account_id', '=', userIds.dave).execute();
    const page = await bobs.get(`${issuer}/account`);
    const form_token = /name="form_token"\s+value="([^"]+)"/.exec(page.body)![1]!;
    const refused = await bobs.post(`${issuer}/account/passkeys/remove`, { form_token, id: passkey.id.toString('base64url') });
    expect(refused.status).toBe(404);
    expect(visitedApp((await signInWith(passkey)).back)).toBe(true);
  });

  it('of a locked account signs nobody in', async () => {
    const { passkey } = await enrol('alice');
    await database.db.updateTable('account').set({ status: 'locked' }).where('id', '=', userIds.alice).execute();
    const { back } = await signInWith(passkey);
    await database.db.updateTable('account').set({ status: 'active' }).execute();
    expect(back.status).toBe(401);
  });

  it('satisfies who asks for two factors', async () => {
    const { passkey, browser } = await enrol('alice');
    const { page } = await atSignIn({ acr_values: 'urn:facet:acr:2' }, browser);
    expect(visitedApp(await answer(browser, page, passkey))).toBe(true);
    const silent = await atSignIn({ acr_values: 'urn:facet:acr:2', prompt: 'none' }, browser);
    expect(new URL(silent.page.url).searchParams.has('code')).toBe(true);
  });
});

describe('an answer is refused', () => {
  it.each<[string, Quirks]>([
    ['of another site', { origin: 'http://evil.test' }],
    ['for another site', { rpId: 'evil.test' }],
    ['of somebody who was not verified', { verified: false }],
    ['of a counter that stands still', { counter: 1 }],
    ['of a counter that goes back', { counter: 0 }],
  ])('%s', async (_, quirks) => {
    const { passkey } = await enrol('alice');
    expect(visitedApp((await signInWith(passkey)).back)).toBe(true);
    expect((await signInWith(passkey, quirks)).back.status).toBe(401);
    expect(visitedApp((await signInWith(passkey, { counter: 7 })).back)).toBe(true);
  });

  it('of an unknown passkey, and of one that signs with another key', async () => {
    const { passkey } = await enrol('alice');
    const stranger = new Authenticator(issuer);
    stranger.userHandle = passkey.userHandle;
    expect((await signInWith(stranger)).back.status).toBe(401);
    stranger.id.set(passkey.id);
    expect((await signInWith(stranger)).back.status).toBe(401);
  });

  it('that was given before, in the same visit or another, and even at the same moment', async () => {
    const { passkey } = await enrol('alice');
    const { browser, page } = await atSignIn();
    const given = passkey.get(await questionAt(browser, page, '/passkey'));
    const other = await atSignIn();
    await questionAt(other.browser, other.page, '/passkey');
    expect((await other.browser.submit(other.page, '/passkey', { answer: given })).status).toBe(401);
    const answers = await Promise.all([1, 2, 3].map(() => browser.submit(page, '/passkey', { answer: given })));
    expect(answers.filter(visitedApp)).toHaveLength(1);
  });

  it('after five minutes', async () => {
    const { passkey } = await enrol('alice');
    const { browser, page } = await atSignIn();
    const given = passkey.get(await questionAt(browser, page, '/passkey'));
    const left = sql<{ minutes: number }>`select extract(epoch from expires_at - now())::float8 / 60 as minutes
      from passkey_challenge where purpose = 'sign-in'`;
    const { rows } = await left.execute(database.db);
    expect(Math.ceil(rows[0]!.minutes)).toBe(5);
    await sql`update passkey_challenge set expires_at = now() where purpose = 'sign-in'`.execute(database.db);
    expect((await browser.submit(page, '/passkey', { answer: given })).status).toBe(401);
  });

  it.each(['', 'nothing', '{}', 'null', '{"id":"a","rawId":"a","type":"public-key","response":{}}'])('that is none: %s', async (text) => {
    const { browser, page } = await atSignIn();
    await questionAt(browser, page, '/passkey');
    expect((await browser.submit(page, '/passkey', { answer: text })).status).toBe(401);
  });

  it('to a question of the second step that nobody proved his password for', async () => {
    const { browser, page } = await atSignIn();
    const form_token = /name="form_token"\s+value="([^"]+)"/.exec(page.body)![1]!;
    expect((await browser.post(`${page.url}/second-factor/passkey/question`, { form_token })).status).toBe(410);
  });
});

describe('adding one', () => {
  it.each<[string, Quirks]>([
    ['at another site', { origin: 'http://evil.test' }],
    ['for another site', { rpId: 'evil.test' }],
    ['without verification', { verified: false }],
  ])('is refused %s', async (_, quirks) => {
    const { browser, home } = await atHome('alice');
    expect((await add(browser, home, new Authenticator(issuer), 'Phone', quirks)).status).toBe(401);
    expect(await database.db.selectFrom('passkey').selectAll().execute()).toEqual([]);
  });

  it('is refused where it belongs to somebody already', async () => {
    const { passkey } = await enrol('alice');
    const { browser, home } = await atHome('carol');
    expect((await add(browser, home, passkey)).status).toBe(401);
    expect((await database.db.selectFrom('passkey').select('account_id').execute()).map((row) => row.account_id)).toEqual([userIds.alice]);
  });

  it('takes an answer once, and a proof of both factors where there are two', async () => {
    const { browser, home } = await atHome('alice');
    const given = new Authenticator(issuer).create(await questionAt(browser, home, '/passkeys/add'));
    expect((await browser.submit(home, '/passkeys/add', { answer: given })).status).toBe(200);
    const sent = await browser.submit(await browser.get(`${issuer}/account`), '/passkeys/add', { answer: given });
    expect(sent.body).toContain('name="password"');
    const { passkey } = await enrol('bob');
    const signedIn = (await signInWith(passkey)).browser;
    const page = await signedIn.get(`${issuer}/account`);
    const second = new Authenticator(issuer).create(await questionAt(signedIn, page, '/passkeys/add'));
    const answers = await Promise.all([1, 2, 3].map(() => signedIn.submit(page, '/passkeys/add', { answer: second })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});

it('one script of ours runs on the pages that need it, and none on others; without it there is a hint', async () => {
  const { browser, page } = await atSignIn();
  expect(page.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'/,
  );
  expect(page.body.match(/<script[^>]*>[^<]*<\/script>/g)).toEqual(['<script src="/assets/passkeys.js" defer></script>']);
  expect(page.body).toContain('<p class="hint">Passkeys need JavaScript and a browser that knows them.</p>');
  expect(page.body).toMatch(/<div data-needs-script hidden>/);
  const script = await fetch(`${identity.url}/assets/passkeys.js`);
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  const forgotten = await browser.get(`${page.url}/forgotten`);
  expect([forgotten.status, forgotten.headers.get('content-security-policy')]).toEqual([200, expect.not.stringContaining('script-src')]);
  expect(forgotten.body).not.toContain('<script');
});
