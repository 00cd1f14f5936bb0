import { ProblemError } from '@facet/errors';
import { aRoom, aUser, contextOf, idOf, userIds } from '@facet/testing';
import { describe, expect, it, vi } from 'vitest';
import { downstreamOf, listOf } from '../../test/downstream.fixtures.js';
import { UserChange } from './user.view.js';
import { getUser, listUserRooms, updateUser } from './users.js';

const userId = userIds.alice;

describe('a user', () => {
  it('has exactly what was promised', async () => {
    const users = { getUser: async () => ({ user: aUser({ about: 'Hello' }) }) };

    expect(await getUser(downstreamOf({ users }), { userId }, contextOf('bob'))).toEqual({
      id: userId,
      username: 'alice',
      name: 'Alice',
      about: 'Hello',
      avatarUrl: null,
      email: null,
      createdAt: aUser().createdAt,
      updatedAt: aUser().updatedAt,
      links: { self: `/api/v1/users/${userId}`, rooms: `/api/v1/users/${userId}/rooms` },
    });
  });

  it('changes only what is present; null removes', async () => {
    const update = vi.fn(async () => ({ user: aUser() }));
    await updateUser(downstreamOf({ users: { updateUser: update } }), { userId, name: 'A', avatarUrl: null }, contextOf());
    expect(update).toHaveBeenCalledWith({ userId, name: 'A', about: undefined, avatarUrl: '' }, expect.anything());
  });

  it.each([{ name: '' }, { avatarUrl: 'http://a.example' }, { about: 'x'.repeat(501) }])('does not become %j', (change) => {
    expect(UserChange.safeParse(change).success).toBe(false);
  });
});

describe('the rooms of a user', () => {
  it('are the rooms that the user is in', async () => {
    const listRooms = vi.fn(async () => ({ rooms: [aRoom()], more: false }));
    const downstream = downstreamOf({ users: { getUser: async () => ({ user: aUser() }) }, rooms: { listRooms } });

    const { body } = await listUserRooms(downstream, { userId }, listOf(), contextOf());

    expect(body.data).toMatchObject([{ id: idOf(1) }]);
    expect(listRooms).toHaveBeenCalledWith(expect.objectContaining({ memberId: userId }), expect.anything());
  });

  it('of nobody are not found, rather than an empty list', async () => {
    const missing = async () => {
      throw new ProblemError('not-found');
    };
    const downstream = downstreamOf({ users: { getUser: missing }, rooms: { listRooms: async () => ({ rooms: [], more: false }) } });
    await expect(listUserRooms(downstream, { userId }, listOf(), contextOf())).rejects.toMatchObject({ code: 'not-found' });
  });
});
