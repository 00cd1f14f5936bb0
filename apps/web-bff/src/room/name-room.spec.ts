import { Room, RoomType } from '@facet/contracts/rooms';
import { User } from '@facet/contracts/users';
import { DownstreamError, ProblemError } from '@facet/errors';
import { contextOf, userIds, type TestUser } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import type { Downstream } from '../downstream.js';
import { nameRoom } from './name-room.js';

const direct = Room.fromPartial({ type: RoomType.ROOM_TYPE_DIRECT, directMemberIds: [userIds.alice, userIds.bob, userIds.carol] });
const names = new Map(Object.entries(userIds).map(([name, id]) => [id as string, name.toUpperCase()]));
const usersWith = (getUser: (id: string) => Promise<{ user: User | undefined }>) => ({
  users: { getUser: ({ userId }: { userId: string }) => getUser(userId) } as unknown as Downstream['users'],
});
const known = usersWith((id) => Promise.resolve({ user: User.fromPartial({ id, name: names.get(id)! }) }));

describe('nameRoom', () => {
  it.each([
    ['alice', 'BOB, CAROL'],
    ['bob', 'ALICE, CAROL'],
  ] as const)('names a direct room after the others, for %s as %s', async (viewer: TestUser, name) => {
    expect(await nameRoom(known, direct, contextOf(viewer))).toBe(name);
  });

  it('asks nobody about a room that has a name', async () => {
    const general = Room.fromPartial({ type: RoomType.ROOM_TYPE_PUBLIC, name: 'general' });
    expect(
      await nameRoom(
        usersWith(() => expect.fail('asked')),
        general,
        contextOf(),
      ),
    ).toBe('general');
  });

  it('leaves out whose profile is lost', async () => {
    const clients = usersWith((id) =>
      id === userIds.bob ? Promise.reject(new ProblemError('not-found')) : known.users.getUser({ userId: id }, contextOf()),
    );
    expect(await nameRoom(clients, direct, contextOf())).toBe('CAROL');
  });

  it('keeps the room, says so, and makes up no name while users-service is away', async () => {
    const context = contextOf();
    expect(
      await nameRoom(
        usersWith(() => Promise.reject(new DownstreamError('users', 'unavailable'))),
        direct,
        context,
      ),
    ).toBe('Direct message');
    expect(context.degraded()).toEqual(['users']);
  });

  it('is content with names of ten minutes ago', async () => {
    const asked: (number | undefined)[] = [];
    const users = {
      getUser: (_: unknown, { maxStaleMs }: { maxStaleMs?: number }) => (
        asked.push(maxStaleMs),
        Promise.resolve({ user: User.fromPartial({}) })
      ),
    };
    await nameRoom({ users: users as unknown as Downstream['users'] }, direct, contextOf());
    expect(asked).toEqual([600_000, 600_000]);
  });
});
