import { ProblemError } from '@facet/errors';
import { idOf, userIds } from '@facet/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { files } from './services.fixtures.js';
import { startMobile, type Mobile } from './start-mobile.js';

let mobile: Mobile;
beforeAll(async () => void (mobile = await startMobile()));
beforeEach(() => mobile.reset());
afterAll(() => mobile.stop());

const room = `/v1/rooms/${idOf(1)}`;
const message = `${room}/messages/${idOf(100)}`;
const attachment = `/v1/attachments/${idOf(900)}`;
const posted = { text: 'Hello', clientId: idOf(7) };
type Service = keyof Mobile['fakes'];

// Every route of api.md: what it is called with, the scope that it needs, and the service without which it is nothing.
const routes: readonly (readonly [method: string, path: string, body: unknown, scope: string | null, service: Service])[] = [
  ['GET', '/v1/home', undefined, 'read:rooms', 'rooms'],
  ['GET', room, undefined, 'read:rooms', 'messages'],
  ['GET', message, undefined, 'read:messages', 'messages'],
  ['POST', `${room}/messages`, posted, 'write:messages', 'messages'],
  ['PATCH', message, { text: 'x' }, 'write:messages', 'messages'],
  ['DELETE', message, undefined, 'write:messages', 'messages'],
  ['PUT', `${message}/reactions/${encodeURIComponent('👍')}`, undefined, 'write:messages', 'messages'],
  ['DELETE', `${message}/reactions/${encodeURIComponent('👍')}`, undefined, 'write:messages', 'messages'],
  ['POST', '/v1/attachments', files(), 'write:messages', 'media'],
  ['GET', `${attachment}/content`, undefined, 'read:messages', 'media'],
  ['GET', `${attachment}/thumbnails/320`, undefined, 'read:messages', 'media'],
  ['PUT', `${room}/read`, { messageId: idOf(100) }, 'write:notifications', 'notifications'],
  ['POST', '/v1/rooms', { name: 'x', type: 'public' }, 'write:rooms', 'rooms'],
  ['PUT', `${room}/membership`, undefined, 'write:rooms', 'rooms'],
  ['DELETE', `${room}/membership`, undefined, 'write:rooms', 'rooms'],
  ['GET', '/v1/discover', undefined, 'read:rooms', 'rooms'],
  ['GET', `/v1/users/${userIds.bob}`, undefined, 'read:users', 'users'],
  ['GET', '/v1/profile', undefined, null, 'users'],
  ['PATCH', '/v1/profile', { name: 'x' }, 'write:users', 'users'],
  ['PUT', '/v1/presence', { status: 'online' }, 'write:messages', 'presence'],
  ['PUT', `${room}/typing`, undefined, 'write:messages', 'presence'],
  ['GET', '/v1/notifications', undefined, 'read:notifications', 'notifications'],
  ['PUT', '/v1/notifications/read', { upTo: idOf(200) }, 'write:notifications', 'notifications'],
];

const rpcs = () => Object.values(mobile.fakes).flatMap(({ calls }) => Object.values(calls)).length;

describe('every route', () => {
  it.each(routes)('%s %s: 401 without a token, and no service is asked', async (method, path, body) => {
    const { status, headers, body: problem } = await mobile.call(method, path, { as: null, body });

    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/^DPoP .*, Bearer realm=/);
    expect(problem).toMatchObject({ code: 'unauthenticated', status: 401, requestId: expect.any(String) });
    expect(rpcs()).toBe(0);
  });

  it.each(routes.filter(([, , , scope]) => scope))(
    '%s %s: 403 without its scope, and no service is asked',
    async (method, path, body, scope) => {
      const { status, body: problem } = await mobile.call(method, path, { scope: 'read:settings', body });

      expect(status).toBe(403);
      expect(problem).toMatchObject({ code: 'insufficient-scope' });
      expect(rpcs()).toBe(0);
      expect((await mobile.call(method, path, { scope: scope ?? '', body })).status).toBeLessThan(300);
    },
  );

  it.each(routes)('%s %s: 503 with Retry-After when its service is away', async (method, path, body, _scope, service) => {
    mobile.fakes[service].trouble = () => new ProblemError('dependency-unavailable');
    const { status, headers, body: problem } = await mobile.call(method, path, { body });

    expect(status).toBe(503);
    expect(headers.get('retry-after')).not.toBeNull();
    expect(problem).toMatchObject({ code: 'dependency-unavailable' });
  });

  it.each(routes)('%s %s: 504 within its budget when its service is slow', async (method, path, body, _scope, service) => {
    mobile.fakes[service].trouble = () => 4_000;
    const { status, body: problem } = await mobile.call(method, path, { body, headers: { 'request-timeout-ms': '150' } });

    expect(status).toBe(504);
    expect(problem).toMatchObject({ code: 'deadline-exceeded' });
  });
});

describe('limits', () => {
  it('the 301st write of a user in a minute is a 429 with Retry-After, reading goes on, and so do others', async () => {
    const token = await mobile.issuer.issue({ user: { subject: idOf(900) }, client: 'mobile-app-dev' });
    const write = () => mobile.call('PUT', '/v1/presence', { token, body: { status: 'online' } });
    const answers = await Promise.all(Array.from({ length: 301 }, write));

    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(1);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused[0]?.body).toMatchObject({ code: 'quota-exceeded' });
    expect((await mobile.call('GET', '/v1/discover', { token })).status).toBe(200);
    expect((await mobile.call('PUT', '/v1/presence', { as: 'bob', body: { status: 'online' } })).status).toBe(204);
  });

  it('the 601st read of a user in a minute is a 429', async () => {
    const token = await mobile.issuer.issue({ user: { subject: idOf(901) }, client: 'mobile-app-dev' });
    const answers = await Promise.all(Array.from({ length: 601 }, () => mobile.call('GET', '/v1/discover', { token })));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
  });
});

describe('what cannot be understood', () => {
  it.each([
    ['GET', '/v1/rooms/not-a-uuid', undefined, 400],
    ['GET', `${room}?limit=-1`, undefined, 400],
    ['GET', `${room}?limit=101`, undefined, 400],
    ['GET', `${room}?before=forged`, undefined, 400],
    ['GET', `${room}?colour=red`, undefined, 400],
    ['GET', '/v1/discover?before=AAAA', undefined, 400],
    ['PUT', `${message}/reactions/ab`, undefined, 400],
    ['POST', `${room}/messages`, '{"text":', 400],
    ['POST', `${room}/messages`, { ...posted, text: 'x'.repeat(5_000) }, 422],
    ['POST', `${room}/messages`, { ...posted, text: '' }, 422],
    ['POST', `${room}/messages`, { ...posted, colour: 'red' }, 422],
    ['POST', `${room}/messages`, '{"text":"\\ud800","clientId":"0191"}', 422],
    ['POST', `${room}/messages`, { ...posted, text: 'a\0b' }, 422],
    ['POST', '/v1/rooms', { type: 'public' }, 422],
    ['PUT', '/v1/presence', { status: 'asleep' }, 422],
    ['POST', `${room}/messages`, JSON.stringify({ ...posted, text: 'x'.repeat(2 << 20) }), 413],
    ['POST', `${room}/messages`, files(), 415],
    ['POST', '/v1/attachments', { text: 'x' }, 415],
    ['GET', '/v1/attachments/..%2fx/content', undefined, 400],
    ['GET', `${attachment}/thumbnails/-1`, undefined, 400],
    ['GET', '/v1/nothing', undefined, 404],
    ['DELETE', '/v1/home', undefined, 405],
  ])('%s %s %j is a %i problem', async (method, path, body, status) => {
    const reply = await mobile.call(method, path, { body });

    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
    expect(reply.body).toMatchObject({ status, type: `/errors/${reply.body.code}`, requestId: expect.any(String) });
    expect(JSON.stringify(reply.body)).not.toMatch(/\bat .*\.ts/);
  });

  it('says which field of a body is wrong', async () => {
    const { body } = await mobile.call('POST', `${room}/messages`, { body: { text: '', clientId: 'x' } });
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(['/clientId', '/text']);
  });
});
