import { DownstreamError, ProblemError } from '@facet/errors';
import { User } from '@facet/contracts/users';
import { contextOf, userIds } from '@facet/testing';
import { describe, expect, it, vi } from 'vitest';
import type { Downstream } from '../downstream.js';
import { findUser, getUser, type UserNode } from './find-user.js';

const bob = User.fromPartial({ id: userIds.bob, username: 'bob' });
const usersWith = (getUser: Downstream['users']['getUser']) => ({ users: { getUser } as Downstream['users'] });
const failing = (error: Error) => usersWith(() => Promise.reject(error));

describe('findUser', () => {
  it('looks a user up once, however many fields ask', async () => {
    const lookUp = vi.fn(() => Promise.resolve({ user: bob }));
    const node: UserNode = { id: bob.id };
    const clients = usersWith(lookUp);
    expect(await Promise.all([findUser(clients, node, contextOf()), findUser(clients, node, contextOf())])).toEqual([bob, bob]);
    expect(lookUp).toHaveBeenCalledTimes(1);
  });

  it('finds nobody where the profile is lost, so that messages can still be shown', async () => {
    expect(await findUser(failing(new ProblemError('not-found')), { id: bob.id }, contextOf())).toBeUndefined();
  });

  it('never takes an outage for a lost profile', async () => {
    const away = failing(new DownstreamError('users', 'unavailable'));
    await expect(findUser(away, { id: bob.id }, contextOf())).rejects.toMatchObject({ code: 'dependency-unavailable' });
  });

  it('takes an answer without a user for a failure of the service', async () => {
    await expect(
      findUser(
        usersWith(() => Promise.resolve({ user: undefined })),
        { id: bob.id },
        contextOf(),
      ),
    ).rejects.toMatchObject({ reason: 'invalid' });
  });
});

describe('getUser', () => {
  it('is not found where nobody has that id', async () => {
    await expect(getUser(failing(new ProblemError('not-found')), bob.id, contextOf())).rejects.toMatchObject({ code: 'not-found' });
  });
});
