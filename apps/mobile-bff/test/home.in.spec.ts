import { DownstreamError, ProblemError } from '@facet/errors';
import { aMessage, aNotification, aRoom, aUser, idOf, userIds } from '@facet/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startMobile, type Mobile } from './start-mobile.js';

let mobile: Mobile;
beforeAll(async () => void (mobile = await startMobile()));
beforeEach(() => mobile.reset());
afterAll(() => mobile.stop());

const home = (call = {}) => mobile.call('GET', '/v1/home', call);

describe('GET /v1/home', () => {
  it('is whole: rooms by last activity, names, counts, news', async () => {
    const { status, body, headers } = await home();

    expect(status).toBe(200);
    expect(body).toMatchObject({ me: { id: userIds.alice, name: 'Alice' }, unread: 3, degraded: [] });
    expect(body.rooms.map(({ name, type }: Record<string, string>) => [name, type])).toEqual([
      ['random', 'public'],
      ['general', 'public'],
      ['Bob', 'direct'],
    ]);
    expect(body.rooms[0]).toEqual({
      id: idOf(2),
      name: 'random',
      type: 'public',
      unread: 1,
      online: 2,
      last: { by: 'Bob', text: 'Good morning', at: '2026-11-01T12:00:00.000Z' },
    });
    expect(headers.get('facet-degraded')).toBeNull();
  });

  it('is 304 for a phone that has this very home, and says which part took how long', async () => {
    const { headers } = await home();
    const again = await home({ headers: { 'if-none-match': headers.get('etag') ?? '' } });

    expect([again.status, again.bytes, again.headers.get('cache-control')]).toEqual([304, 0, 'private, no-cache']);
    expect(headers.get('server-timing')).toMatch(
      /^(?=.*\bme;dur=)(?=.*\bjoined;dur=)(?=.*\blines;dur=)(?=.*\bonline;dur=)(?=.*\btotal;dur=)/,
    );
  });

  it('takes at most 7 RPCs, whatever the number of rooms', async () => {
    mobile.fakes.rooms.handlers.listRooms = () => ({ rooms: Array.from({ length: 20 }, (_, number) => aRoom({ id: idOf(number) })) });
    mobile.fakes.messages.handlers.listMessages = ({ of }) => ({
      messages: [aMessage({ authorId: Object.values(userIds)[Number(`0x${of?.value.slice(-1)}`) % 5] })],
    });

    await home();

    const { users, rooms, messages, presence, notifications } = mobile.fakes;
    expect(presence.calls).toEqual({ batchCountOnline: 1 });
    expect(notifications.calls).toEqual({ listNotifications: 1, batchCountUnread: 1 });
    expect(notifications.items['countUnread']).toBe(21);
    expect(messages.calls).toEqual({ batchListMessages: 1 });
    expect(rooms.calls).toEqual({ listRooms: 1 });
    expect(users.calls).toEqual({ getUser: 1, batchGetUsers: 1 });
    const rpcs = [users, rooms, messages, presence, notifications].flatMap(({ calls }) => Object.values(calls));
    expect(rpcs.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(7);
  });

  it('is at most 8 kB with 20 rooms with names of 80 emoji and the texts to go with them', async () => {
    const shout = '🧑🏿‍🚀'.repeat(400);
    mobile.fakes.users.handlers.getUser = ({ userId }) => ({ user: aUser({ id: userId, name: '🦄'.repeat(80) }) });
    mobile.fakes.rooms.handlers.listRooms = () => ({
      rooms: Array.from({ length: 20 }, (_, number) => aRoom({ id: idOf(number), name: '🦄'.repeat(80) })),
    });
    mobile.fakes.messages.handlers.listMessages = () => ({ messages: [aMessage({ content: shout })] });
    mobile.fakes.notifications.handlers.listNotifications = () => ({
      notifications: Array.from({ length: 5 }, (_, number) => aNotification({ id: idOf(number), text: shout.slice(0, 560) })),
    });

    const { status, body, bytes } = await home();

    expect(status).toBe(200);
    expect(bytes).toBeLessThanOrEqual(8_000);
    expect(body.rooms).toHaveLength(20);
    expect(body.notifications).toHaveLength(5);
  });

  it.each([
    ['presence', 'bob', { rooms: [{ online: null, unread: 1, last: { by: 'Bob' } }, {}, {}] }],
    ['notifications', 'carol', { unread: null, notifications: null, rooms: [{ unread: null, online: 2 }, {}, {}] }],
    ['messages', 'gina', { unread: 3, rooms: [{ last: null, unread: 1 }, {}, {}] }],
  ] as const)('without %s names the missing part, in the body and in a header, and is not kept', async (dependency, as, missing) => {
    const { status, body, headers } = await mobile.without(dependency, () => home({ as }));

    expect(status).toBe(200);
    expect(body).toMatchObject({ ...missing, degraded: [dependency] });
    expect(headers.get('facet-degraded')).toMatch(new RegExp(`^${dependency};reason=`));
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it.each(['presence', 'notifications', 'messages'] as const)('does not wait for a slow %s', async (dependency) => {
    mobile.fakes[dependency].delayMs = 3_000;
    const { status, body, headers } = await home({ as: 'carol' });

    expect(status).toBe(200);
    expect(body.degraded).toContain(dependency);
    expect(headers.get('facet-degraded')).toContain(`${dependency};reason=timeout`);
  });

  it('shows the last known unread count, and says that it is old', async () => {
    await home({ as: 'dave' });
    mobile.fakes.notifications.failure = new ProblemError('dependency-unavailable');
    const { body } = await home({ as: 'dave' });

    expect(body).toMatchObject({ unread: 3, notifications: null, degraded: ['notifications'] });
  });

  it.each(['users', 'rooms'] as const)('is a 503 with Retry-After without %s', async (dependency) => {
    const { status, body, headers } = await mobile.without(dependency, () => home());

    expect(status).toBe(503);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(headers.get('retry-after')).not.toBeNull();
    expect(body).toMatchObject({ status: 503, code: 'dependency-unavailable' });
  });

  it('is a 504 when rooms takes too long', async () => {
    mobile.fakes.rooms.delayMs = 3_000;
    expect(await home()).toMatchObject({ status: 504, body: { code: 'deadline-exceeded' } });
  });

  it('misses names, and nothing else, when only the own profile can be had', async () => {
    mobile.fakes.users.handlers.getUser = ({ userId }) => {
      if (userId !== userIds.alice) throw new DownstreamError('users', 'unavailable');
      return { user: aUser() };
    };
    const { status, body } = await home();

    expect(status).toBe(200);
    expect(body.degraded).toEqual(['users']);
    expect(body.rooms.map(({ name, last }: { name: string | null; last: { by: string | null } }) => [name, last.by])).toEqual([
      ['random', null],
      ['general', null],
      [null, null],
    ]);
  });
});
