import { User, type UpdateUserRequest } from '@facet/contracts/users';
import { contextOf, userIds } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import type { Downstream } from '../downstream.js';
import { updateProfile, UpdateProfileArguments } from './update-profile.js';

describe('updateProfile', () => {
  it("changes the caller's own profile: null removes, absent stays", async () => {
    const sent: unknown[] = [];
    const users = {
      updateUser: (request: UpdateUserRequest) => {
        sent.push(request);
        return Promise.resolve({ user: User.fromPartial({ id: userIds.carol }) });
      },
    } as unknown as Downstream['users'];
    expect((await updateProfile({ users }, { name: 'Carol', about: null }, contextOf('carol'))).id).toBe(userIds.carol);
    expect(sent).toEqual([{ userId: userIds.carol, name: 'Carol', about: '', avatarUrl: undefined }]);
  });

  it.each([
    { name: '' },
    { name: null },
    { name: 'x'.repeat(81) },
    { about: 'x'.repeat(501) },
    { about: 'a\0b' },
    { about: '\ud800' },
    { avatarUrl: 'http://example.org/a.png' },
    { avatarUrl: 'javascript:alert(1)' },
    { avatarUrl: '' },
  ])('refuses %j', (input) => {
    expect(UpdateProfileArguments.safeParse({ input }).success).toBe(false);
  });
});
