import { aUser, contextOf, userIds } from '@facet/testing';
import { describe, expect, it, vi } from 'vitest';
import { downstreamOf } from '../../test/downstream.fixtures.js';
import { ProfileChange } from './profile.view.js';
import { getProfile, getUser, updateProfile } from './profiles.js';

const users = {
  getUser: vi.fn(async () => ({ user: aUser({ about: 'Hello', email: 'alice@facet.example' }) })),
  updateUser: vi.fn(async () => ({ user: aUser({ name: 'Alice B.' }) })),
};
const downstream = downstreamOf({ users });

describe('profiles', () => {
  it('show a card without the address', async () => {
    const card = await getUser(downstream, { userId: userIds.alice }, contextOf('bob'));
    expect(card).toEqual({ id: userIds.alice, username: 'alice', name: 'Alice', about: 'Hello', avatarUrl: null });
  });

  it('show the own address to oneself', async () => {
    expect(await getProfile(downstream, contextOf('alice'))).toMatchObject({ id: userIds.alice, email: 'alice@facet.example' });
    expect(users.getUser).toHaveBeenLastCalledWith({ userId: userIds.alice }, expect.anything());
  });

  it('change only what is present, and take away what is null', async () => {
    await updateProfile(downstream, { name: 'Alice B.', about: null }, contextOf('alice'));
    expect(users.updateUser).toHaveBeenCalledWith(
      { userId: userIds.alice, name: 'Alice B.', about: '', avatarUrl: undefined },
      expect.anything(),
    );
  });

  it.each([
    ['an empty name', { name: '' }],
    ['a picture that is no https address', { avatarUrl: 'http://a.example/a.png' }],
    ['a picture that is a script', { avatarUrl: 'javascript:alert(1)' }],
    ['501 characters about oneself', { about: 'x'.repeat(501) }],
  ])('refuse %s', (_, change) => {
    expect(ProfileChange.safeParse(change).success).toBe(false);
  });
});
