import { request } from 'node:http';
import { MemoryState } from '@facet/state/memory';
import { startSignInIssuer, userIds, type SignInIssuer } from '@facet/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startWeb } from './web-app.fixtures.js';

let issuer: SignInIssuer;
let web: Awaited<ReturnType<typeof startWeb>>;

beforeAll(async () => {
  issuer = await startSignInIssuer();
  web = await startWeb(issuer, { environment: 'development', state: new MemoryState() });
});
afterEach(() => void (issuer.trouble = undefined));
afterAll(async () => {
  await web.stop();
  await issuer.stop();
});

const open = (body: object, origin = web.origin) =>
  fetch(`${origin}/dev/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

it('signs a demo user in: 204 with the cookie of a session like any other', async () => {
  const response = await open({ user: 'bob' });
  expect([response.status, response.headers.get('cache-control'), await response.text()]).toEqual([204, 'no-store', '']);
  const cookies = response.headers.getSetCookie();
  expect(cookies).toEqual([expect.stringMatching(/^__Host-facet-session=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/)]);
  const headers = { cookie: cookies[0]!.split(';')[0]!, 'x-csrf': '1' };
  expect(await (await fetch(`${web.origin}/bff/user`, { headers })).json()).toMatchObject({ claims: { sub: userIds.bob } });
});

it('says who is not there, and what does not fit', async () => {
  expect((await open({ user: 'mallory' })).status).toBe(400);
  expect((await open({ user: 'bob', admin: true })).status).toBe(422);
  expect((await open({})).status).toBe(422);
});

it('is a 503 while the issuer gives no tokens', async () => {
  issuer.trouble = { status: 503 };
  expect((await open({ user: 'bob' })).status).toBe(503);
});

it('is not there for a page whose name was pointed at this machine', async () => {
  const { port } = new URL(web.origin);
  const status = await new Promise((resolve, reject) => {
    const headers = { host: `evil.test:${port}`, 'content-type': 'application/json' };
    const call = request({ host: '127.0.0.1', port, method: 'POST', path: '/dev/session', headers }, ({ statusCode }) =>
      resolve(statusCode),
    );
    call.on('error', reject).end('{"user":"bob"}');
  });
  expect(status).toBe(404);
});

it('is not there in production, nor is GraphiQL', async () => {
  const production = await startWeb(issuer);
  expect((await open({ user: 'bob' }, production.origin)).status).toBe(404);
  const page = await fetch(`${production.origin}/graphql`, { headers: { accept: 'text/html' } });
  expect([page.status, page.headers.get('content-type')]).toEqual([401, expect.stringContaining('problem+json')]);
  await production.stop();
});
