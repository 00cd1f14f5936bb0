import type { Caller } from '@facet/context';
import { UserUpdated, type UpdateUserRequest } from '@facet/contracts/users';
import { callerOf, contextOf, importer, userIds } from '@facet/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { people, startUsers, withoutScopes } from './users.fixtures.js';

let service: Awaited<ReturnType<typeof startUsers>>;

beforeEach(async () => {
  service ??= await startUsers();
  await service.database.db.deleteFrom('profile').execute();
  await service.database.db
    .insertInto('profile')
    .values([...people])
    .execute();
});

const update = (caller: Caller, request: Partial<UpdateUserRequest>) => service.clients.users.updateUser(request, contextOf(caller));

describe('who may change a profile', () => {
  it.each(['alice', 'bob', 'carol'] as const)('%s may change their own', async (who) => {
    const { user } = await update(callerOf(who), { userId: userIds[who], name: 'Another' });
    expect(user).toMatchObject({ name: 'Another', email: `${who}@demo.example` });
  });

  it('an admin may change that of others', async () => {
    expect((await update(callerOf('alice'), { userId: userIds.dave, about: 'Promoted' })).user?.about).toBe('Promoted');
  });

  it.each(['bob', 'carol'] as const)('%s may not change that of others', async (who) => {
    await expect(update(callerOf(who), { userId: userIds.dave, name: 'Mallory' })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('a guest may not change their own', async () => {
    await expect(update(callerOf('gina'), { userId: userIds.gina, name: 'Mallory' })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('a token that covers no writing may not change it', async () => {
    await expect(update(withoutScopes('carol'), { userId: userIds.carol, name: 'X' })).rejects.toMatchObject({
      code: 'insufficient-scope',
    });
  });

  it('a service may not change any', async () => {
    const request = service.importing.users.updateUser({ userId: userIds.carol, name: 'Mallory' }, contextOf(importer));
    await expect(request).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('what changes', () => {
  it('is what the request names, and no more', async () => {
    const { user } = await update(callerOf('carol'), { userId: userIds.carol, name: 'Carola' });
    expect(user).toMatchObject({ name: 'Carola', about: 'About carol' });
    expect(user!.updatedAt!.getTime()).toBeGreaterThan(user!.createdAt!.getTime());
  });

  it('an empty text removes what may be absent', async () => {
    const { user } = await update(callerOf('carol'), { userId: userIds.carol, about: '', avatarUrl: '' });
    expect([user?.about, user?.avatarUrl]).toEqual([undefined, undefined]);
  });

  it('is published once, and not where nothing changed', async () => {
    await update(callerOf('carol'), { userId: userIds.carol, name: 'Only once' });
    await update(callerOf('carol'), { userId: userIds.carol, name: 'Only once' });
    await service.settle();
    const published = await service.database.published(UserUpdated);
    expect(published.filter(({ name }) => name === 'Only once')).toMatchObject([{ userId: userIds.carol, username: 'carol' }]);
  });

  it('a user who does not exist is not found', async () => {
    const request = update(callerOf('alice'), { userId: '01900000-0000-7000-8000-0000000000ff', name: 'Nobody' });
    await expect(request).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('what a profile may hold', () => {
  it.each([
    ['an empty name', { name: '' }, '/name'],
    ['a name of 81 characters', { name: '😀'.repeat(81) }, '/name'],
    ['a name with NUL', { name: 'a\0b' }, '/name'],
    ['an about of 501 characters', { about: 'a'.repeat(501) }, '/about'],
    ['an address without encryption', { avatarUrl: 'http://pictures.example/a.png' }, '/avatarUrl'],
    ['an address that is a script', { avatarUrl: 'javascript:alert(1)' }, '/avatarUrl'],
    ['an address that is none', { avatarUrl: 'picture' }, '/avatarUrl'],
  ])('%s is refused and named', async (_, change, pointer) => {
    const request = update(callerOf('carol'), { userId: userIds.carol, ...change });
    await expect(request).rejects.toMatchObject({ code: 'validation-failed', errors: [{ pointer }] });
  });

  it('80 characters beyond the basic plane are 80 characters', async () => {
    const name = '😀'.repeat(80);
    expect((await update(callerOf('carol'), { userId: userIds.carol, name })).user?.name).toBe(name);
  });
});
