import { User } from '@facet/contracts/users';
import { userIds } from '@facet/testing';
import { describe, expect, it, vi } from 'vitest';
import { People } from './people.js';

const bob = User.fromPartial({ id: userIds.bob, username: 'bob' });

describe('People', () => {
  it('looks each up once, however often they are met', async () => {
    const lookUp = vi.fn(() => Promise.resolve(bob));
    const people = new People(lookUp);
    expect(await Promise.all([people.find(bob.id), people.find(bob.id), people.get(bob.id)])).toEqual([bob, bob, { id: bob.id }]);
    expect(lookUp).toHaveBeenCalledTimes(1);
  });

  it('knows a change that this request made', async () => {
    const people = new People(() => Promise.resolve(bob));
    await people.find(bob.id);
    const renamed = { ...bob, name: 'Robert' };
    expect(people.learn(renamed)).toEqual({ id: bob.id });
    expect(await people.find(bob.id)).toBe(renamed);
  });

  it('is not found where somebody is asked for by id whom nobody knows', async () => {
    await expect(new People(() => Promise.resolve(undefined)).get(bob.id)).rejects.toMatchObject({ code: 'not-found' });
  });
});
