import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import { callerOf, contextOf, importer, userIds } from '@facet/testing';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { people, startUsers, withoutScopes } from './users.fixtures.js';

let service: Awaited<ReturnType<typeof startUsers>>;

beforeAll(async () => {
  service = await startUsers();
  await service.database.db
    .insertInto('profile')
    .values([...people])
    .execute();
});

const get = (caller: Caller, userId: string) => service.clients.users.getUser({ userId }, contextOf(caller));

describe('what somebody sees of a profile', () => {
  it('everything, of their own', async () => {
    const { user } = await get(callerOf('carol'), userIds.carol);
    expect(user).toMatchObject({ username: 'carol', about: 'About carol', email: 'carol@demo.example' });
  });

  it('everything of anybody, for an admin', async () => {
    expect((await get(callerOf('alice'), userIds.carol)).user?.email).toBe('carol@demo.example');
  });

  it.each(['bob', 'carol'] as const)('no e-mail address of others, for %s', async (who) => {
    const { user } = await get(callerOf(who), userIds.dave);
    expect(user?.about).toBe('About dave');
    expect(user).not.toHaveProperty('email', expect.anything());
  });

  it('the byline of others, for a guest', async () => {
    const { user } = await get(callerOf('gina'), userIds.carol);
    expect(user).toMatchObject({ id: userIds.carol, username: 'carol', name: 'carol', avatarUrl: expect.stringContaining('https') });
    expect([user?.about, user?.email, user?.createdAt, user?.updatedAt]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('everything of their own, for a guest as well', async () => {
    expect((await get(callerOf('gina'), userIds.gina)).user?.email).toBe('gina@demo.example');
  });

  it('nothing of others, where the token covers neither users nor messages', async () => {
    await expect(get(withoutScopes('carol'), userIds.dave)).rejects.toMatchObject({ code: 'insufficient-scope' });
  });

  it('nothing, for a service of its own accord', async () => {
    await expect(service.importing.users.getUser({ userId: userIds.carol }, contextOf(importer))).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

it('a user who does not exist is not found', async () => {
  await expect(get(callerOf('alice'), '01900000-0000-7000-8000-0000000000ff')).rejects.toMatchObject({ code: 'not-found' });
});

it('an id that is none is refused and named', async () => {
  await expect(get(callerOf('alice'), 'carol')).rejects.toMatchObject({ code: 'validation-failed', errors: [{ pointer: '/userId' }] });
});

it('an id in upper case is the same id', async () => {
  expect((await get(callerOf('alice'), userIds.carol.toUpperCase())).user?.username).toBe('carol');
});

describe('a batch', () => {
  const who = fc.constantFrom<Caller>(
    ...(['alice', 'bob', 'carol', 'gina'] as const).map((user) => callerOf(user)),
    withoutScopes('dave'),
    { ...callerOf('bob'), scopes: ['read:messages'] },
  );
  const whose = fc.constantFrom(...Object.values(userIds), '01900000-0000-7000-8000-0000000000ff');

  it('answers each item as the single call would', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(who, whose), { minLength: 2, maxLength: 12 }), async (calls) => {
        const together = await Promise.all(calls.map((call) => outcome(...call)));
        const alone = [];
        for (const call of calls) alone.push(await outcome(...call));
        expect(together).toEqual(alone);
      }),
      { numRuns: 25 },
    );
  });
});

async function outcome(caller: Caller, userId: string): Promise<unknown> {
  try {
    return await get(caller, userId);
  } catch (error) {
    if (error instanceof ProblemError) return [error.code, error.detail];
    throw error;
  }
}
