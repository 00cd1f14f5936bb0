import { aMessage, aRoom, idOf, userIds } from '@facet/testing';
import { ProblemError } from '@facet/errors';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startMobile, type Mobile } from './start-mobile.js';

let mobile: Mobile;
beforeAll(async () => void (mobile = await startMobile()));
beforeEach(() => mobile.reset());
afterAll(() => mobile.stop());

const room = `/v1/rooms/${idOf(1)}`;
const message = `${room}/messages/${idOf(100)}`;

describe('the room screen', () => {
  it('is the room, its messages, counts and names', async () => {
    const { status, body } = await mobile.call('GET', room);

    expect(status).toBe(200);
    expect(body).toEqual({
      room: { id: idOf(1), name: 'general', type: 'public', topic: null, members: 3, online: 2, role: 'member' },
      messages: [
        {
          id: idOf(100),
          by: { id: userIds.bob, name: 'Bob', avatarUrl: null },
          text: 'Good morning',
          reactions: [],
          attachments: [],
          at: '2026-11-01T12:00:00.000Z',
          edited: false,
          deleted: false,
        },
      ],
      next: null,
      unread: 1,
      degraded: [],
    });
  });

  it('goes on by its cursor and keeps the limit', async () => {
    const asked: unknown[] = [];
    mobile.fakes.messages.handlers.listMessages = (request) => {
      asked.push([request.pageSize, request.after]);
      return { messages: [aMessage()], more: true };
    };
    const { body } = await mobile.call('GET', `${room}?limit=7`);
    await mobile.call('GET', `${room}?limit=7&before=${body.next}`);

    expect(asked).toEqual([
      [7, undefined],
      [7, idOf(100)],
    ]);
  });

  it('reads replies from other pages in one batch and their authors in another', async () => {
    const page = Array.from({ length: 30 }, (_, number) => aMessage({ id: idOf(100 + number), replyTo: idOf(10 + number) }));
    mobile.fakes.messages.handlers.listMessages = () => ({ messages: page });
    mobile.fakes.messages.handlers.getMessage = ({ messageId }) => ({
      message: aMessage({ id: messageId, authorId: Number(`0x${messageId.slice(-2)}`) % 2 ? userIds.carol : userIds.dave }),
    });

    const { body } = await mobile.call('GET', room);

    expect(body.messages[0].replyTo).toEqual({ id: idOf(10), by: 'Dave', text: 'Good morning' });
    expect(mobile.fakes.messages.calls).toEqual({ listMessages: 1, batchGetMessages: 1 });
    expect(mobile.fakes.users.calls).toEqual({ getUser: 1, batchGetUsers: 1 });
  });

  it.each([
    ['presence', 'bob', { room: { online: null } }],
    ['notifications', 'carol', { unread: null }],
    ['users', 'dave', { messages: [{ by: { id: userIds.bob, name: null, avatarUrl: null }, text: 'Good morning' }] }],
  ] as const)('misses what %s knows when it is away', async (dependency, as, missing) => {
    const { status, body } = await mobile.without(dependency, () => mobile.call('GET', room, { as }));

    expect(status).toBe(200);
    expect(body).toMatchObject({ ...missing, degraded: [dependency] });
  });

  it.each(['rooms', 'messages'] as const)('is no screen without %s', async (dependency) => {
    const away = await mobile.without(dependency, () => mobile.call('GET', room));

    expect(away).toMatchObject({ status: 503, body: { code: 'dependency-unavailable' } });
  });

  it('is not found where the caller may not see it', async () => {
    expect(await mobile.call('GET', `/v1/rooms/${idOf(77)}`)).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });
});

describe('a message', () => {
  it('is whole on its own, and not found under another room', async () => {
    mobile.fakes.messages.handlers.getMessage = ({ roomId }) => {
      if (roomId !== idOf(1)) throw new ProblemError('not-found');
      return { message: aMessage({ content: 'x'.repeat(4_000) }) };
    };
    const whole = await mobile.call('GET', message);
    const elsewhere = await mobile.call('GET', `/v1/rooms/${idOf(2)}/messages/${idOf(100)}`);

    expect(whole).toMatchObject({ status: 200, body: { text: 'x'.repeat(4_000), by: { name: 'Bob' }, degraded: [] } });
    expect(elsewhere).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  it('is posted with 201 and its place, and again with 200', async () => {
    const body = { text: 'Good night', clientId: idOf(7), replyTo: idOf(100) };
    const first = await mobile.call('POST', `${room}/messages`, { body });
    mobile.fakes.messages.handlers.sendMessage = ({ content, roomId }) => ({ message: aMessage({ content, roomId }), created: false });
    const again = await mobile.call('POST', `${room}/messages`, { body });

    expect(first).toMatchObject({ status: 201, body: { id: idOf(100), text: 'Good night', by: { name: 'Alice' } } });
    expect(first.headers.get('location')).toBe(message);
    expect(again).toMatchObject({ status: 200, body: { id: idOf(100) } });
    expect(again.headers.get('location')).toBe(message);
  });

  it('is edited, deleted and reacted to', async () => {
    expect(await mobile.call('PATCH', message, { body: { text: 'Better' } })).toMatchObject({
      status: 200,
      body: { text: 'Better', edited: true },
    });
    expect(await mobile.call('PUT', `${message}/reactions/${encodeURIComponent('👍🏿')}`)).toMatchObject({ status: 204, body: '' });
    expect(await mobile.call('DELETE', `${message}/reactions/${encodeURIComponent('👍🏿')}`)).toMatchObject({ status: 204, body: '' });
    expect(await mobile.call('DELETE', message)).toMatchObject({ status: 204, body: '' });
  });

  it.each([
    ['PATCH', '', { text: 'x' }],
    ['DELETE', '', undefined],
    ['PUT', '/reactions/👍', undefined],
    ['DELETE', '/reactions/👍', undefined],
  ])('answers %s %s under another room with 404', async (method, rest, body) => {
    const elsewhere = `/v1/rooms/${idOf(2)}/messages/${idOf(100)}${encodeURI(rest)}`;
    expect(await mobile.call(method, elsewhere, { body })).toMatchObject({ status: 404 });
  });
});

describe('the other routes', () => {
  it.each([
    ['POST', '/v1/rooms', { name: 'cooking', type: 'public' }, 201],
    ['PUT', `${room}/membership`, undefined, 204],
    ['DELETE', `${room}/membership`, undefined, 204],
    ['PUT', `${room}/read`, { messageId: idOf(100) }, 204],
    ['PUT', `${room}/typing`, undefined, 204],
    ['PUT', '/v1/presence', { status: 'away' }, 204],
    ['PUT', '/v1/notifications/read', { upTo: idOf(200) }, 204],
    ['GET', '/v1/discover', undefined, 200],
    ['GET', '/v1/notifications?limit=5', undefined, 200],
    ['GET', `/v1/users/${userIds.bob}`, undefined, 200],
    ['GET', '/v1/profile', undefined, 200],
    ['PATCH', '/v1/profile', { name: 'Alice B.' }, 200],
  ])('%s %s works', async (method, path, body, status) => {
    expect(await mobile.call(method, path, { body })).toMatchObject({ status });
  });

  it('say where a new room is', async () => {
    const { headers, body } = await mobile.call('POST', '/v1/rooms', {
      body: { name: 'cooking', type: 'private', memberIds: [userIds.bob] },
    });
    expect(headers.get('location')).toBe(`/v1/rooms/${idOf(9)}`);
    expect(body).toEqual({ id: idOf(9), name: 'cooking', type: 'private', topic: null, members: 3, role: 'member', degraded: [] });
  });

  it('page through public rooms', async () => {
    mobile.fakes.rooms.handlers.listRooms = ({ after }) => ({
      rooms: after ? [] : [aRoom({ id: idOf(4), name: 'cooking' })],
      more: !after,
    });
    const { body } = await mobile.call('GET', '/v1/discover');
    const rest = await mobile.call('GET', `/v1/discover?before=${body.next}`);

    expect(body).toMatchObject({ rooms: [{ id: idOf(4), name: 'cooking', topic: null, members: 3 }], next: expect.any(String) });
    expect(rest.body).toEqual({ rooms: [], next: null });
  });

  it('show notifications with names', async () => {
    const { body } = await mobile.call('GET', '/v1/notifications');
    expect(body).toMatchObject({
      notifications: [{ type: 'mention', by: 'Bob', text: 'Hello @alice', read: false }],
      next: null,
      degraded: [],
    });
  });
});
