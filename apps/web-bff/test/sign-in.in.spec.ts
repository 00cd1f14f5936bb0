import { MemoryState } from '@facet/state/memory';
import { startSignInIssuer, userIds, type SignInIssuer } from '@facet/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startWeb } from './web-app.fixtures.js';
import { Visitor } from './visitor.fixtures.js';

const publicUrl = 'https://web.test';
let issuer: SignInIssuer;
let web: Awaited<ReturnType<typeof startWeb>>;
const state = new MemoryState();
const settings = { PUBLIC_URL: publicUrl };

beforeAll(async () => {
  issuer = await startSignInIssuer();
  web = await startWeb(issuer, { state, settings });
});
afterEach(() => {
  issuer.trouble = undefined;
  vi.useRealTimers();
});
afterAll(async () => {
  await web.stop();
  await issuer.stop();
});

const visitor = () => new Visitor(web.origin, issuer);
const problemOf = async (response: Response) => ({ status: response.status, ...((await response.json()) as { code: string }) });
const changed = (url: string, parameters: Record<string, string>) => {
  const next = new URL(url);
  for (const [name, value] of Object.entries(parameters)) next.searchParams.set(name, value);
  return next.href;
};

describe('signing in', () => {
  it('asks the issuer with state, nonce and PKCE, each time others, and keeps them in a cookie that only it can read', async () => {
    const browser = visitor();
    const leaving = await browser.get('/bff/login?returnTo=/rooms');
    const url = new URL(leaving.headers.get('location')!);
    const asked = Object.fromEntries(url.searchParams);
    expect([leaving.status, url.origin, leaving.headers.get('cache-control')]).toEqual([303, issuer.issuer, 'no-store']);
    expect(asked).toMatchObject({
      client_id: 'web-app',
      response_type: 'code',
      redirect_uri: `${publicUrl}/bff/callback`,
      code_challenge_method: 'S256',
      scope: expect.stringMatching(/^openid read:/),
    });
    const [cookie] = leaving.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-facet-sign-in-[\w-]{12}=[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=600$/);
    const plain = Buffer.from([...browser.cookies.values()][0]!, 'base64url').toString('latin1');
    for (const secret of [asked['nonce']!, asked['state']!, 'rooms']) expect(cookie + plain).not.toContain(secret);
    const again = new URL((await browser.get('/bff/login')).headers.get('location')!).searchParams;
    for (const name of ['state', 'nonce', 'code_challenge']) expect(again.get(name)).not.toBe(asked[name]);
  });

  it('ends on a page of ours that goes on by itself, so that the Strict cookie comes along, and shows no token', async () => {
    const browser = visitor();
    const landing = await browser.arrive(await browser.leave('/rooms/1?tab=2#"last"<'));
    const page = await landing.text();
    expect(landing.status).toBe(200);
    expect(landing.headers.get('location')).toBeNull();
    expect(page).toContain(`<meta http-equiv="refresh" content="0;url=${publicUrl}/rooms/1?tab=2#%22last%22%3C">`);
    expect(landing.headers.get('cache-control')).toBe('no-store');
    expect(landing.headers.get('referrer-policy')).toBe('no-referrer');
    const cookies = landing.headers.getSetCookie();
    expect(cookies).toEqual([
      expect.stringMatching(/^__Host-facet-session=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/),
      expect.stringMatching(/^__Host-facet-sign-in-[\w-]{12}=; .*Max-Age=0$/),
    ]);
    expect(page + cookies.join()).not.toMatch(/eyJ|token/i);
    const user = await browser.api('/bff/user');
    expect([user.status, await user.json()]).toMatchObject([200, { claims: { sub: userIds.alice } }]);
  });

  it('works in several tabs at once, in any order, for each where it wants to be', async () => {
    const browser = visitor();
    const tabs = [await browser.leave('/a'), await browser.leave('/b'), await browser.leave('/c')];
    for (const [at, path] of [
      [1, '/b'],
      [0, '/a'],
      [2, '/c'],
    ] as const) {
      expect(await (await browser.arrive(tabs[at]!)).text()).toContain(`url=${publicUrl}${path}"`);
    }
    expect([...browser.cookies.keys()]).toEqual(['__Host-facet-session']);
  });

  it('begun a hundred times fills no browser with cookies', async () => {
    const browser = visitor();
    for (let n = 0; n < 100; n += 1) await browser.get('/bff/login');
    expect(browser.cookies.size).toBeLessThanOrEqual(5);
    await browser.signIn();
  });

  it.each(['//evil.test', 'https://evil.test/', '/\\evil.test', '/bff/login'])('never leads to %s', async (returnTo) => {
    const browser = visitor();
    const response = await browser.get(`/bff/login?returnTo=${encodeURIComponent(returnTo)}`);
    expect([await problemOf(response), browser.cookies.size]).toMatchObject([{ status: 400, code: 'invalid-request' }, 0]);
  });

  it('gives a new id, and what the browser had before has ended, though its cookie did not come along from the issuer', async () => {
    const browser = await visitor().signIn();
    const before = browser.session!;
    await browser.signIn({ user: 'bob' });
    expect(browser.session).not.toBe(before);
    const old = visitor();
    old.cookies.set('__Host-facet-session', before);
    expect((await old.api('/bff/user')).status).toBe(401);
    expect(await (await browser.api('/bff/user')).json()).toMatchObject({ claims: { sub: userIds.bob } });
  });

  it('never takes over an id that somebody planted', async () => {
    const browser = visitor();
    const planted = 'p'.repeat(43);
    browser.cookies.set('__Host-facet-session', planted);
    await browser.signIn();
    expect(browser.session).not.toBe(planted);
    const thief = visitor();
    thief.cookies.set('__Host-facet-session', planted);
    expect((await thief.api('/bff/user')).status).toBe(401);
  });
});

describe('a callback', () => {
  it.each([
    ['of another browser', async (url: string) => [visitor(), url] as const],
    ['without its state', async (url: string, browser: Visitor) => [browser, changed(url, { state: '' })] as const],
    ['with the state of nobody', async (url: string, browser: Visitor) => [browser, changed(url, { state: 'made-up' })] as const],
    [
      'whose cookie was moved to another state',
      async (_url: string, browser: Visitor) => {
        const [[, sealed]] = [...browser.cookies] as [[string, string]];
        const other = await browser.leave();
        const name = [...browser.cookies.keys()].at(-1)!;
        browser.cookies.set(name, sealed);
        return [browser, other] as const;
      },
    ],
    [
      'that comes too late',
      async (url: string, browser: Visitor) => {
        vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 601_000 });
        return [browser, url] as const;
      },
    ],
    ['of another issuer', async (url: string, browser: Visitor) => [browser, changed(url, { iss: 'https://evil.test' })] as const],
    ['with the code of nobody', async (url: string, browser: Visitor) => [browser, changed(url, { code: 'made-up' })] as const],
  ])('%s begins no session', async (_, spoil) => {
    const browser = visitor();
    const [who, url] = await spoil(await browser.leave(), browser);
    const response = await who.arrive(url);
    expect([await problemOf(response), who.session]).toMatchObject([{ status: 400, code: 'invalid-request' }, undefined]);
  });

  it.each([
    ['another nonce', { nonce: 'other' }],
    ['another audience', { aud: 'mobile-app' }],
    ['another issuer', { iss: 'https://evil.test' }],
    ['an end in the past', { exp: 1 }],
  ])('whose ID token has %s begins no session', async (_, claims) => {
    const browser = visitor();
    const response = await browser.arrive(await browser.leave('/', {}, claims));
    expect([response.status, browser.session]).toEqual([400, undefined]);
  });

  it("with somebody else's code is refused by PKCE", async () => {
    const [victim, attacker] = [visitor(), visitor()];
    const stolen = new URL(await victim.leave()).searchParams.get('code')!;
    const response = await attacker.arrive(changed(await attacker.leave(), { code: stolen }));
    expect([response.status, attacker.session]).toEqual([400, undefined]);
  });

  it('that is loaded twice ends nothing: the second one has no sign-in any more', async () => {
    const browser = visitor();
    const callback = await browser.leave();
    await browser.arrive(callback);
    expect((await browser.arrive(callback)).status).toBe(400);
    expect((await browser.api('/bff/user')).status).toBe(200);
  });

  it('that says no is told as what it is', async () => {
    const browser = visitor();
    const { searchParams } = new URL(await browser.leave());
    const query = new URLSearchParams({ error: 'access_denied', state: searchParams.get('state')!, iss: issuer.issuer });
    const response = await browser.arrive(`${publicUrl}/bff/callback?${query}`);
    expect(await problemOf(response)).toMatchObject({
      status: 403,
      code: 'forbidden',
      detail: 'The sign-in was not completed (access_denied).',
    });
    expect(browser.cookies.size).toBe(0);
  });

  it('while the issuer is away is a 503, and completes when it is loaded again', async () => {
    const browser = visitor();
    const callback = await browser.leave();
    issuer.trouble = { status: 503 };
    expect(await problemOf(await browser.arrive(callback))).toMatchObject({ status: 503, code: 'dependency-unavailable' });
    issuer.trouble = undefined;
    // The code is used up at the issuer of this test only where it answered.
    expect((await browser.arrive(callback)).status).toBe(200);
  });
});

describe('a restart of web-bff', () => {
  it('between leaving and coming back loses no sign-in, and none of the sessions', async () => {
    const browser = await visitor().signIn();
    const callback = await browser.leave('/next');
    const restarted = await startWeb(issuer, { state, settings });
    const later = new Visitor(restarted.origin, issuer);
    for (const [name, value] of browser.cookies) later.cookies.set(name, value);
    expect((await later.api('/bff/user')).status).toBe(200);
    expect(await (await later.arrive(callback)).text()).toContain('/next"');
    await restarted.stop();
  });

  it('while the issuer is away answers 503 to everybody, and signs nobody out', async () => {
    const gone = await startSignInIssuer();
    const own = new MemoryState();
    const before = await startWeb(gone, { state: own });
    const browser = await new Visitor(before.origin, gone).signIn();
    await before.stop();
    await gone.stop();
    const restarted = await startWeb(gone, { state: own });
    const later = new Visitor(restarted.origin, gone);
    expect(await problemOf(await later.get('/bff/login'))).toMatchObject({ status: 503, code: 'dependency-unavailable' });
    later.cookies.set('__Host-facet-session', browser.session!);
    // Not even its keys are known: nobody can say who this is, and that is no reason to sign anybody out.
    expect(await problemOf(await later.api('/bff/user'))).toMatchObject({ status: 503, code: 'dependency-unavailable' });
    await restarted.stop();
  });
});
