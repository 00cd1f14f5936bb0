import { DownstreamError, ProblemError } from '@facet/errors';
import { User } from '@facet/contracts/users';
import { contextOf, userIds } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import type { Downstream } from '../downstream.js';
import { findUser } from './find-user.js';

const bob = User.fromPartial({ id: userIds.bob, username: 'bob' });
const usersWith = (getUser: Downstream['users']['getUser']) => ({ users: { getUser } as Downstream['users'] });
const failing = (error: Error) => usersWith(() => Promise.reject(error));

describe('findUser', () => {
  it('finds nobody where the profile is lost, so that messages can still be shown', async () => {
    expect(await findUser(failing(new ProblemError('not-found')), bob.id, contextOf())).toBeUndefined();
  });

  it('never takes an outage for a lost profile', async () => {
    const away = failing(new DownstreamError('users', 'unavailable'));
    await expect(findUser(away, bob.id, contextOf())).rejects.toMatchObject({ code: 'dependency-unavailable' });
  });

  it('takes an answer without a user for a failure of the service', async () => {
    const empty = usersWith(() => Promise.resolve({ user: undefined }));
    await expect(findUser(empty, bob.id, contextOf())).rejects.toMatchObject({ reason: 'invalid' });
  });
});
