import { RoomOrder, RoomType } from '@facet/contracts/rooms';
import { DownstreamError, ProblemError } from '@facet/errors';
import { aMessage, aNotification, aRoom, aUser, contextOf, idOf, userIds } from '@facet/testing';
import { describe, expect, it, vi } from 'vitest';
import { downstreamOf, usersNamed } from '../../test/downstream.fixtures.js';
import { getHome } from './get-home.js';

const working = {
  users: usersNamed(),
  rooms: { listRooms: async () => ({ rooms: [aRoom({ id: idOf(2), name: 'random' }), aRoom()], more: false }) },
  messages: { listMessages: async () => ({ messages: [aMessage()], more: true }) },
  presence: { countOnline: async () => ({ count: 4 }) },
  notifications: {
    countUnread: async ({ roomId }: { roomId?: string }) => ({ count: roomId ? 2 : 7 }),
    listNotifications: async () => ({ notifications: [aNotification()], more: false }),
  },
};

const away = (dependency: string) => async () => {
  throw new DownstreamError(dependency, 'unavailable');
};

describe('home', () => {
  it('is me, my rooms in the order of the service, counts, last words and news', async () => {
    const home = await getHome(downstreamOf(working), contextOf('alice'));

    expect(home).toEqual({
      me: { id: userIds.alice, name: 'Alice', avatarUrl: null },
      unread: 7,
      rooms: [2, 1].map((number) => ({
        id: idOf(number),
        name: number === 2 ? 'random' : 'general',
        type: 'public',
        unread: 2,
        online: 4,
        last: { by: 'Bob', text: 'Good morning', at: aMessage().createdAt },
      })),
      notifications: [
        { id: idOf(200), type: 'mention', text: 'Hello @alice', roomId: idOf(1), messageId: idOf(100), at: aNotification().createdAt },
      ],
      degraded: [],
    });
  });

  it('asks for at most 20 rooms of the caller, by last activity', async () => {
    const listRooms = vi.fn(async () => ({ rooms: [], more: false }));
    const home = await getHome(downstreamOf({ ...working, rooms: { listRooms } }), contextOf('alice'));

    expect(listRooms).toHaveBeenCalledWith(
      { memberId: userIds.alice, order: RoomOrder.ROOM_ORDER_LAST_ACTIVITY, pageSize: 20 },
      expect.anything(),
    );
    expect(home.rooms).toEqual([]);
  });

  it('asks about rooms the moment they are there, whatever else is still on its way', async () => {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const asked = vi.fn();
    const slow = {
      users: { getUser: async ({ userId }: { userId?: string }) => (await late, { user: aUser({ id: userId ?? '' }) }) },
      notifications: { ...working.notifications, listNotifications: async () => (await late, { notifications: [], more: false }) },
      presence: { countOnline: async () => (asked(), { count: 4 }) },
    };
    const home = getHome(downstreamOf({ ...working, ...slow }), contextOf('alice'));

    await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(2));
    resolve();
    expect(await home).toMatchObject({ notifications: [], rooms: [{ online: 4 }, { online: 4 }], degraded: [] });
  });

  it('is named after the others in a direct room', async () => {
    const direct = aRoom({ type: RoomType.ROOM_TYPE_DIRECT, name: '', directMemberIds: [userIds.alice, userIds.bob, userIds.carol] });
    const users = usersNamed({ [userIds.alice]: 'Alice', [userIds.bob]: 'Bob', [userIds.carol]: 'Carol' });
    const downstream = downstreamOf({ ...working, users, rooms: { listRooms: async () => ({ rooms: [direct], more: false }) } });

    const home = await getHome(downstream, contextOf('alice'));

    expect(home.rooms[0]).toMatchObject({ type: 'direct', name: 'Bob, Carol' });
  });

  it('has nobody online rather than a made-up count when presence is away, and says so', async () => {
    const home = await getHome(downstreamOf({ ...working, presence: { countOnline: away('presence') } }), contextOf('alice'));

    expect(home.rooms.map(({ online }) => online)).toEqual([null, null]);
    expect(home.rooms[0]).toMatchObject({ unread: 2, last: { by: 'Bob' } });
    expect(home.degraded).toEqual(['presence']);
  });

  it('misses counts and news when notifications is away', async () => {
    const notifications = { countUnread: away('notifications'), listNotifications: away('notifications') };
    const home = await getHome(downstreamOf({ ...working, notifications }), contextOf('alice'));

    expect(home).toMatchObject({ unread: null, notifications: null, degraded: ['notifications'] });
    expect(home.rooms.map(({ unread }) => unread)).toEqual([null, null]);
  });

  it('misses last words when messages is away', async () => {
    const home = await getHome(downstreamOf({ ...working, messages: { listMessages: away('messages') } }), contextOf('alice'));

    expect(home.rooms.map(({ last }) => last)).toEqual([null, null]);
    expect(home.degraded).toEqual(['messages']);
  });

  it('misses only the counts of a room that a read model has not heard of yet', async () => {
    const countOnline = async ({ roomId }: { roomId?: string }) => {
      if (roomId === idOf(1)) throw new ProblemError('not-found');
      return { count: 4 };
    };
    const home = await getHome(downstreamOf({ ...working, presence: { countOnline } }), contextOf('alice'));

    expect(home.rooms.map(({ online }) => online)).toEqual([4, null]);
    expect(home.degraded).toEqual(['presence']);
  });

  it('misses names, and keeps what was said, when the profiles of others cannot be had', async () => {
    const getUser = async ({ userId }: { userId?: string }) => {
      if (userId !== userIds.alice) throw new DownstreamError('users', 'timeout');
      return { user: aUser() };
    };
    const home = await getHome(downstreamOf({ ...working, users: { getUser } }), contextOf('alice'));

    expect(home.rooms[0]?.last).toMatchObject({ by: null, text: 'Good morning' });
    expect(home.degraded).toEqual(['users']);
  });

  it.each(['users', 'rooms'] as const)('is no home without %s', async (dependency) => {
    const broken = { users: { getUser: away('users') }, rooms: { listRooms: away('rooms') } };
    const downstream = downstreamOf({ ...working, [dependency]: broken[dependency] });

    await expect(getHome(downstream, contextOf('alice'))).rejects.toMatchObject({ code: 'dependency-unavailable', dependency });
  });
});
