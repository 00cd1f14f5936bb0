import { Revocations } from '@facet/auth';
import { MemoryState } from '@facet/state/memory';
import { startSignInIssuer, userIds, type SignInIssuer } from '@facet/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { sessionIdOf } from '../src/session/cookies.js';
import { logoutSidOf } from '../src/session/log-out.js';
import { SessionStore } from '../src/session/session-store.js';
import { startWeb } from './web-app.fixtures.js';
import { Visitor } from './visitor.fixtures.js';

let issuer: SignInIssuer;
/** Two replicas on one store. */
let webs: Awaited<ReturnType<typeof startWeb>>[];
const state = new MemoryState();
const hour = 3_600_000;

beforeAll(async () => {
  issuer = await startSignInIssuer();
  const settings = { SESSION_IDLE_MS: String(hour), SESSION_MAX_MS: String(3 * hour) };
  webs = await Promise.all([startWeb(issuer, { state, settings }), startWeb(issuer, { state, settings })]);
});
afterEach(() => {
  issuer.trouble = undefined;
  issuer.lifetimeSeconds = 600;
  vi.useRealTimers();
});
afterAll(async () => {
  await Promise.all(webs.map((web) => web.stop()));
  await issuer.stop();
});

const visitor = (at = 0) => new Visitor(webs[at]!.origin, issuer);
/** The same browser at the other replica. */
const moved = (browser: Visitor, at = 1) => {
  const other = visitor(at);
  for (const [name, value] of browser.cookies) other.cookies.set(name, value);
  return other;
};
const later = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
const status = async (browser: Visitor) => (await browser.api('/bff/user')).status;
const problemOf = async (response: Response) => ({ status: response.status, ...((await response.json()) as { code: string }) });

describe('x-csrf: 1', () => {
  it.each([
    ['GET', '/bff/user'],
    ['POST', '/graphql'],
    ['GET', '/graphql?query={me{id}}'],
    ['POST', '/v1/attachments'],
    ['GET', '/v1/attachments/01900000-0000-7000-8000-000000000900/content'],
  ])('is what %s %s is not answered without, and nobody is led anywhere', async (method, path) => {
    const browser = await visitor().signIn();
    const body = method === 'POST' ? { body: '{"query":"{ me { id } }"}' } : {};
    for (const csrf of [undefined, '0', 'true', '1, 1']) {
      const headers = { cookie: browser.header, 'content-type': 'application/json', ...(csrf !== undefined && { 'x-csrf': csrf }) };
      const response = await fetch(browser.origin + path, { method, headers, redirect: 'manual', ...body });
      expect(await problemOf(response)).toMatchObject({ status: 403, code: 'csrf' });
    }
    const anonymous = await fetch(browser.origin + path, {
      method,
      redirect: 'manual',
      ...body,
      headers: { 'content-type': 'application/json' },
    });
    expect(await problemOf(anonymous)).toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  it('no page of another site may send it: preflights are given nothing', async () => {
    const headers = { origin: 'https://evil.test', 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-csrf' };
    const response = await fetch(`${webs[0]!.origin}/graphql`, { method: 'OPTIONS', headers });
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('GET /bff/user', () => {
  it('says who is signed in, until when, and how to sign out, and nothing to act with', async () => {
    const browser = await visitor().signIn({ user: 'carol' });
    const response = await browser.api('/bff/user');
    const user = (await response.json()) as { expiresAt: string; logoutUrl: string };
    expect(user).toEqual({
      claims: {
        sub: userIds.carol,
        roles: ['user'],
        permissions: expect.arrayContaining(['message:create']),
        scopes: expect.arrayContaining(['read:rooms']),
        acr: null,
        amr: [],
        authTime: null,
      },
      expiresAt: expect.any(String),
      logoutUrl: `/bff/logout?sid=${logoutSidOf(browser.session!)}`,
    });
    expect(Date.parse(user.expiresAt)).toBeCloseTo(Date.now() + hour, -4);
    expect([response.headers.get('cache-control'), response.headers.get('vary')]).toEqual(['no-store', 'cookie']);
    expect(JSON.stringify(user)).not.toMatch(/eyJ/);
    expect(user.logoutUrl).not.toContain(browser.session);
  });

  it('of two session cookies takes neither', async () => {
    const browser = await visitor().signIn();
    const tossed = `__Host-facet-session=${'t'.repeat(43)}`;
    for (const cookie of [`${tossed}; ${browser.header}`, `${browser.header}; ${tossed}`])
      expect((await fetch(`${browser.origin}/bff/user`, { headers: { cookie, 'x-csrf': '1' } })).status).toBe(401);
  });
});

describe('what rests in the store', () => {
  it('cannot be used by who reads it, nor moved to another session', async () => {
    const browser = await visitor().signIn();
    const id = sessionIdOf(browser.header)!;
    const key = SessionStore.keyOf(id);
    const kept = (await state.get(key))!;
    expect(key).not.toContain(id);
    expect(kept.value.toString('latin1')).not.toMatch(new RegExp(`eyJ|${id}|${userIds.alice}`));
    const other = await visitor().signIn({ user: 'gina' });
    const place = SessionStore.keyOf(other.session!);
    await state.replace(place, (await state.get(place))!.version, kept.value, 60_000);
    expect(await status(moved(other))).toBe(401);
  });
});

describe('signing out', () => {
  it('ends the session on all replicas and its refresh token, and leads to the issuer', async () => {
    const browser = await visitor().signIn();
    const before = moved(browser);
    const { logoutUrl } = (await (await browser.api('/bff/user')).json()) as { logoutUrl: string };
    const revoked = issuer.revoked.length;
    const leaving = await browser.get(logoutUrl);
    const url = new URL(leaving.headers.get('location')!);
    expect([leaving.status, url.origin + url.pathname]).toEqual([303, `${issuer.issuer}/session/end`]);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      id_token_hint: expect.stringMatching(/^eyJ/),
      post_logout_redirect_uri: 'http://localhost:4001/',
    });
    expect([browser.session, issuer.revoked.length]).toEqual([undefined, revoked + 1]);
    expect(await status(before)).toBe(401);
  });

  it.each(['/bff/logout', `/bff/logout?sid=${'x'.repeat(43)}`])('is not done by %s, which another site could lead to', async (path) => {
    const browser = await visitor().signIn();
    expect(await problemOf(await browser.get(path))).toMatchObject({ status: 403, code: 'csrf' });
    expect(await status(browser)).toBe(200);
  });

  it('while the issuer is away ends the session here all the same', async () => {
    const browser = await visitor().signIn();
    issuer.trouble = { status: 503 };
    const before = moved(browser);
    await browser.get(`/bff/logout?sid=${logoutSidOf(browser.session!)}`);
    expect(await status(before)).toBe(401);
  });

  it('of nobody leads home', async () => {
    expect((await visitor().get('/bff/logout')).headers.get('location')).toBe('http://localhost:4001/');
  });
});

describe('a session ends', () => {
  it('when nobody uses it, and not while somebody does', async () => {
    const [used, idle] = [await visitor().signIn({ lifetimeSeconds: 7_200 }), await visitor().signIn({ lifetimeSeconds: 7_200 })];
    later(hour * 0.7);
    expect(await status(used)).toBe(200);
    later(hour * 0.7);
    expect([await status(used), await status(idle)]).toEqual([200, 401]);
  });

  it('after its longest time, whoever uses it', async () => {
    const browser = await visitor().signIn({ lifetimeSeconds: 86_400 });
    for (let n = 0; n < 5; n += 1) {
      later(hour * 0.59);
      expect(await status(browser)).toBe(200);
    }
    later(hour * 0.1);
    expect(await status(browser)).toBe(401);
  });

  it("on the issuer's word that its grant has ended", async () => {
    const browser = await visitor().signIn({ lifetimeSeconds: 600 });
    later(601_000);
    issuer.trouble = { error: 'invalid_grant' };
    expect(await status(browser)).toBe(401);
    issuer.trouble = undefined;
    expect(await status(browser)).toBe(401);
  });
});

describe('while the issuer is away', () => {
  it('the old token serves as long as it is good, then it is a 503, and nobody is signed out', async () => {
    const browser = await visitor().signIn({ lifetimeSeconds: 600 });
    await status(browser);
    issuer.trouble = { status: 503 };
    later(570_000);
    expect(await status(browser)).toBe(200);
    later(31_000);
    expect(await problemOf(await browser.api('/bff/user'))).toMatchObject({ status: 503, code: 'dependency-unavailable' });
    issuer.trouble = undefined;
    expect(await status(browser)).toBe(200);
  });
});

describe('a revocation', () => {
  const revocations = (at: number) => webs[at]!.app.app.get(Revocations, { strict: false });
  const revoke = (kind: 'session' | 'subject', id: string) =>
    webs.forEach((_, at) => revocations(at).revoke({ kind, id, before: Date.now(), until: Date.now() + hour }));

  it('of a session ends it on every replica with the next call', async () => {
    const browser = await visitor().signIn({ user: { subject: userIds.dave, session: 'sid-revoked' } });
    const other = moved(browser);
    expect([await status(browser), await status(other)]).toEqual([200, 200]);
    revoke('session', 'sid-revoked');
    expect([await status(browser), await status(other)]).toEqual([401, 401]);
  });

  it('of what a person came with so far gives a session that stands another token, and ends one that does not', async () => {
    const subject = '01900000-0000-7000-8000-0000000000d1';
    const browser = await visitor().signIn({ user: { subject } });
    expect(await status(browser)).toBe(200);
    const before = issuer.refreshes;
    revoke('subject', subject);
    later(1_100);
    expect([await status(browser), await status(browser), issuer.refreshes - before]).toEqual([200, 200, 1]);
    revoke('subject', subject);
    later(1_100);
    issuer.trouble = { error: 'invalid_grant' };
    expect(await status(browser)).toBe(401);
  });
});
