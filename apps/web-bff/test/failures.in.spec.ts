import { ProblemError } from '@facet/errors';
import { userIds } from '@facet/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { directRoomId, messageId, roomIds, startWebApp } from './web-app.fixtures.js';

let web: Awaited<ReturnType<typeof startWebApp>>;
beforeAll(async () => void (web = await startWebApp()));
beforeEach(() => web.reset());
afterAll(() => web.stop());

const roomId = roomIds[1]!;
const page = `{ room(id: "${roomId}") { name unreadCount(userId: "${userIds.alice}") lastMessage { content user { username } } } }`;
const away = () => new ProblemError('dependency-unavailable');

describe('a service that is away', () => {
  it('leaves its part null, with an error, the header and no caching', async () => {
    web.services.notifications.failure = away();
    const { status, headers, body } = await web.ask(page);
    expect(status).toBe(200);
    expect(body.data).toEqual({
      room: { name: 'room-39', unreadCount: null, lastMessage: { content: 'said 05', user: { username: 'bob' } } },
    });
    expect(body.errors).toMatchObject([{ path: ['room', 'unreadCount'], extensions: { code: 'dependency-unavailable' } }]);
    expect(body.extensions).toEqual({ degraded: ['notifications'] });
    expect(headers.get('facet-degraded')).toBe('notifications;reason=unavailable');
    expect(headers.get('cache-control')).toContain('no-store');
  });

  it('takes no more with it than the schema makes it: the author is lost, so the last message is', async () => {
    web.services.users.failure = away();
    const { body } = await web.ask(page);
    expect(body.data).toEqual({ room: { name: 'room-39', unreadCount: 3, lastMessage: null } });
    expect(body.errors).toMatchObject([{ path: ['room', 'lastMessage', 'user', 'username'] }]);
  });

  it('leaves rooms, members by id and direct rooms standing where it is users-service', async () => {
    const { users } = web.services;
    users.failure = away();
    // carol was asked for nothing before: no kept answer can help.
    const { body } = await web.ask(`{ me { id rooms { id name members { id } } } room(id: "${directRoomId}") { name } }`, { as: 'carol' });
    expect(body.errors).toBeUndefined();
    expect(body.data).toMatchObject({ me: { id: userIds.carol }, room: { name: 'Direct message' } });
    expect(body.extensions).toEqual({ degraded: ['users'] });
  });

  it('is a real 503 with the time to wait where nothing is left', async () => {
    web.services.rooms.failure = away();
    const { status, headers, body } = await web.ask('{ rooms { edges { node { id } } } }');
    expect(status).toBe(503);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(body).toMatchObject({ data: null, errors: [{ extensions: { code: 'dependency-unavailable' } }] });
  });

  it('is still 200 for a client of the old media type', async () => {
    web.services.rooms.failure = away();
    expect((await web.ask('{ rooms { edges { node { id } } } }', { accept: 'application/json' })).status).toBe(200);
  });
});

describe('a service that is slow', () => {
  it('leaves its part null in good time', async () => {
    web.services.messages.delayMs = 5_000;
    const { status, headers, body } = await web.ask(page);
    expect(status).toBe(200);
    expect(body.data).toMatchObject({ room: { name: 'room-39', lastMessage: null } });
    expect(body.errors).toMatchObject([{ path: ['room', 'lastMessage'], extensions: { code: 'deadline-exceeded' } }]);
    expect(headers.get('facet-degraded')).toBe('messages;reason=timeout');
  });
});

describe('a service that fails inside', () => {
  it('tells the client nothing of it', async () => {
    web.services.messages.handlers.listMessages = () => {
      throw new Error('password=hunter2');
    };
    const { body } = await web.ask(page);
    expect(JSON.stringify(body)).not.toContain('hunter2');
    expect(body.errors?.[0]?.extensions.code).toBe('dependency-failed');
  });

  it('and sends what fits no type, is a failure of ours without a detail', async () => {
    web.services.messages.handlers.listMessages = () => ({ messages: [{ id: messageId(1), type: 0 }] });
    const { body } = await web.ask(`{ room(id: "${roomId}") { name lastMessage { type } } }`);
    expect(body).toMatchObject({
      data: { room: { name: 'room-39', lastMessage: null } },
      errors: [{ message: 'Something went wrong on our side', extensions: { code: 'internal-error' } }],
    });
  });
});

describe('who may not', () => {
  it('and is unknown gets a 401 problem, by POST and GET', async () => {
    const token = await web.issuer.issue({ user: 'alice', client: 'web-app' });
    const session = `__Host-facet-session=${'A'.repeat(43)}`;
    // Not even a token that is good: tokens do not belong into browsers.
    const credentials: Record<string, string>[] = [
      {},
      { authorization: `Bearer ${token}`, 'x-csrf': '1' },
      { cookie: session, 'x-csrf': '1' },
    ];
    for (const headers of credentials) {
      const post = await fetch(web.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query: page }),
      });
      const get = await fetch(`${web.url}?query=${encodeURIComponent(page)}`, { headers });
      for (const response of [post, get]) {
        expect(response.status).toBe(401);
        expect(response.headers.get('www-authenticate')).toBe('Cookie realm="facet"');
        expect(response.headers.get('content-type')).toMatch('application/problem+json');
        expect(await response.json()).toMatchObject({ code: 'unauthenticated' });
      }
    }
  });

  it('and lacks a scope gets null there and the rest elsewhere', async () => {
    const { status, body } = await web.ask(`{ me { username } room(id: "${roomId}") { id } }`, { scope: 'read:users' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: { me: { username: 'alice' }, room: null },
      errors: [{ path: ['room'], extensions: { code: 'insufficient-scope' } }],
    });
  });

  it('and asks for a nested field beyond the scope gets null there', async () => {
    const { body } = await web.ask(`{ room(id: "${roomId}") { name lastMessage { content } } }`, { scope: 'read:rooms' });
    expect(body).toMatchObject({
      data: { room: { name: 'room-39', lastMessage: null } },
      errors: [{ extensions: { code: 'insufficient-scope' } }],
    });
  });

  it("and asks for another's unread count gets null and forbidden", async () => {
    const { body } = await web.ask(`{ room(id: "${roomId}") { unreadCount(userId: "${userIds.alice}") } }`, { as: 'carol' });
    expect(body).toMatchObject({ data: { room: { unreadCount: null } }, errors: [{ extensions: { code: 'forbidden' } }] });
  });
});

describe('who asks too often', () => {
  it('gets a 429 problem with the time to wait, for queries and mutations apart', async () => {
    const limited = await startWebApp({ limits: { browse: 3, write: 1 } });
    try {
      const leave = `mutation { leaveRoom(id: "${roomId}") }`;
      expect((await limited.ask(leave)).status).toBe(200);
      const second = await limited.ask(leave);
      expect(second.status).toBe(429);
      expect(second.body).toMatchObject({ code: 'quota-exceeded' });
      expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
      for (let at = 0; at < 3; at += 1) expect((await limited.ask('{ me { id } }')).status).toBe(200);
      expect((await limited.ask('{ me { id } }')).status).toBe(429);
      expect((await limited.ask('{ me { id } }', { as: 'bob' })).status).toBe(200);
    } finally {
      await limited.stop();
    }
  });
});
