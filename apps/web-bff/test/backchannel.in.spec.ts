import { randomUUID } from 'node:crypto';
import { MemoryState } from '@facet/state/memory';
import { startSignInIssuer, userIds, type SignInIssuer } from '@facet/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWeb } from './web-app.fixtures.js';
import { Visitor } from './visitor.fixtures.js';

let issuer: SignInIssuer;
/** Two replicas on one store. */
let webs: Awaited<ReturnType<typeof startWeb>>[];
const state = new MemoryState();
const event = 'http://schemas.openid.net/event/backchannel-logout';

beforeAll(async () => {
  issuer = await startSignInIssuer();
  webs = await Promise.all([startWeb(issuer, { state }), startWeb(issuer, { state })]);
});
afterAll(async () => {
  await Promise.all(webs.map((web) => web.stop()));
  await issuer.stop();
});

const signedIn = (sid: string, subject: string = randomUUID()) =>
  new Visitor(webs[0]!.origin, issuer).signIn({ user: { subject, session: sid } });
const seconds = () => Math.floor(Date.now() / 1_000);
const logoutToken = (claims: Record<string, unknown>, typ = 'logout+jwt') =>
  issuer.sign({ aud: 'web-app', iat: seconds(), exp: seconds() + 120, jti: randomUUID(), events: { [event]: {} }, ...claims }, typ);
const tell = (token: string, at = 0) =>
  fetch(`${webs[at]!.origin}/bff/backchannel`, { method: 'POST', body: new URLSearchParams({ logout_token: token }) });
const status = async (browser: Visitor) => (await browser.api('/bff/user')).status;

it('a logout token ends the sessions of its sid, whichever replica hears it, and no others', async () => {
  const [ended, other] = [await signedIn('sid 1'), await signedIn('sid 2')];
  const response = await tell(await logoutToken({ sid: 'sid 1', sub: userIds.gina }), 1);
  expect([response.status, response.headers.get('cache-control'), await response.text()]).toEqual([200, 'no-store', '']);
  expect([await status(ended), await status(other)]).toEqual([401, 200]);
});

it('one without a sid ends all sessions of the person, and none of others', async () => {
  const [one, two, bob] = [
    await signedIn('sid 3', userIds.alice),
    await signedIn('sid 4', userIds.alice),
    await signedIn('sid 5', userIds.bob),
  ];
  expect((await tell(await logoutToken({ sub: userIds.alice }))).status).toBe(200);
  expect([await status(one), await status(two), await status(bob)]).toEqual([401, 401, 200]);
});

it('what was warm where it is heard is gone at once', async () => {
  const browser = await signedIn('sid 6');
  expect(await status(browser)).toBe(200);
  await tell(await logoutToken({ sid: 'sid 6' }));
  expect(await status(browser)).toBe(401);
});

it('each token counts once, over all replicas', async () => {
  const token = await logoutToken({ sid: 'sid 7' });
  const statuses = await Promise.all(Array.from({ length: 10 }, (_, n) => tell(token, n % 2).then((response) => response.status)));
  expect(statuses.sort()).toEqual([200, ...Array<number>(9).fill(400)]);
});

it('who signs in later is not ended by a token of before', async () => {
  const token = await logoutToken({ sid: 'sid 8', iat: seconds() - 5 });
  const browser = await signedIn('sid 8');
  await tell(token);
  expect(await status(browser)).toBe(200);
});

it('a sign-in that was ended before it was complete begins no session', async () => {
  const browser = new Visitor(webs[0]!.origin, issuer);
  const callback = await browser.leave('/', { user: { subject: userIds.carol, session: 'sid 9' } });
  await tell(await logoutToken({ sid: 'sid 9', iat: seconds() + 2 }));
  expect([(await browser.arrive(callback)).status, browser.session]).toEqual([401, undefined]);
});

it.each([
  ['has a nonce', { nonce: 'n' }],
  ['has no events', { events: undefined }],
  ['is about something else', { events: { 'http://schemas.openid.net/event/other': {} } }],
  ['has an event that is no object', { events: { [event]: 'yes' } }],
  ['names nobody', { sid: undefined }],
  ['has no jti', { jti: undefined }],
  ['has no iat', { iat: undefined }],
  ['has expired', { exp: 1 }],
  ['never expires', { exp: undefined }],
  ['is for another client', { aud: 'mobile-app' }],
  ['is of another issuer', { iss: 'https://evil.test' }],
])('a token that %s is refused, and ends nothing', async (_, claims) => {
  const browser = await signedIn('sid 10');
  const response = await tell(await logoutToken({ sid: 'sid 10', ...claims }));
  expect([response.status, await response.json()]).toMatchObject([400, { code: 'invalid-request' }]);
  expect(await status(browser)).toBe(200);
});

it('an ID token, an access token, or one that nobody signed is no logout token', async () => {
  const browser = await signedIn('sid 11');
  const unsigned = (await logoutToken({ sid: 'sid 11' }))
    .split('.')
    .with(0, Buffer.from('{"alg":"none","typ":"logout+jwt"}').toString('base64url'));
  const tokens = [
    await logoutToken({ sid: 'sid 11' }, 'JWT'),
    await logoutToken({ sid: 'sid 11' }, 'at+jwt'),
    unsigned.with(2, '').join('.'),
    'x',
  ];
  for (const token of tokens) expect((await tell(token)).status).toBe(400);
  expect(await status(browser)).toBe(200);
});

it('a form is taken here alone, once, and small', async () => {
  const token = await logoutToken({ sid: 'sid 12' });
  const post = (path: string, body: BodyInit, headers = {}) => fetch(webs[0]!.origin + path, { method: 'POST', body, headers });
  const twice = new URLSearchParams([
    ['logout_token', token],
    ['logout_token', token],
  ]);
  expect((await post('/bff/backchannel', twice)).status).toBe(400);
  expect((await post('/bff/backchannel', new URLSearchParams())).status).toBe(400);
  expect((await post('/bff/backchannel', JSON.stringify({ logout_token: token }), { 'content-type': 'application/json' })).status).toBe(
    400,
  );
  expect((await post('/bff/backchannel', new URLSearchParams({ logout_token: 'x'.repeat(70_000) }))).status).toBe(413);
  const browser = await signedIn('sid 13');
  const form = await post('/graphql', new URLSearchParams({ query: '{ me { id } }' }), { cookie: browser.header, 'x-csrf': '1' });
  expect(form.status).toBe(415);
});
