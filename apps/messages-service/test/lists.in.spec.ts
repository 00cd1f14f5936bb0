import type { ListMessagesRequest } from '@facet/contracts/messages';
import { contextOf, userIds, type TestUser } from '@facet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rooms, startWorld, type World } from './world.fixtures.js';

let world: World;
const inGeneral: string[] = [];
const byCarol: string[] = [];
beforeAll(async () => {
  world = await startWorld();
  for (let round = 0; round < 25; round += 1) {
    const id = await world.say(round % 5 === 0 ? 'carol' : 'bob', 'general');
    inGeneral.push(id);
    if (round % 5 === 0) byCarol.push(id);
  }
  byCarol.push(await world.say('carol', 'engineering'), await world.say('carol', 'board'));
  await world.messages.deleteMessage({ messageId: inGeneral[3]! }, contextOf('bob'));
});
afterAll(() => world.stop());

const general = { $case: 'roomId', value: rooms.general } as const;
const carols = { $case: 'authorId', value: userIds.carol } as const;

/** Everything that a list has, page by page. */
async function readAll(request: Partial<ListMessagesRequest>, user: TestUser): Promise<string[]> {
  const ids: string[] = [];
  for (let more = true; more;) {
    const page = await world.messages.listMessages({ pageSize: 4, after: ids.at(-1), ...request }, contextOf(user));
    expect(page.messages.length).toBeGreaterThan(0);
    ids.push(...page.messages.map(({ id }) => id));
    more = page.more;
  }
  return ids;
}

describe('a list of messages', () => {
  it('pages through a room newest first, without loss or repeat', async () => {
    expect(await readAll({ of: general }, 'carol')).toEqual(inGeneral.toReversed());
  });

  it('pages through a room oldest first', async () => {
    expect(await readAll({ of: general, ascending: true }, 'gina')).toEqual(inGeneral);
  });

  it('is stable while others post', async () => {
    const first = await world.messages.listMessages({ of: general, pageSize: 10 }, contextOf('carol'));
    inGeneral.push(await world.say('bob', 'general'));
    const second = await world.messages.listMessages({ of: general, pageSize: 10, after: first.messages.at(-1)!.id }, contextOf('carol'));
    const ids = [...first.messages, ...second.messages].map(({ id }) => id);
    expect(ids).toEqual(inGeneral.toReversed().slice(1, 21));
  });

  it('has 20 messages where no number is given, and 100 at most', async () => {
    const { messages, more } = await world.messages.listMessages({ of: general }, contextOf('carol'));
    expect([messages.length, more]).toEqual([20, true]);
    await expect(world.messages.listMessages({ of: general, pageSize: 101 }, contextOf('carol'))).rejects.toMatchObject({
      code: 'validation-failed',
    });
  });

  it('shows tombstones in their place', async () => {
    const { messages } = await world.messages.listMessages({ of: general, ascending: true, pageSize: 5 }, contextOf('carol'));
    expect(messages[3]).toMatchObject({ id: inGeneral[3], content: '', deletedAt: expect.any(Date) as Date });
  });

  it.each([
    ['carol', 7],
    ['alice', 7],
    ['bob', 6],
    ['dave', 5],
    ['gina', 5],
  ] as const)('of an author has, for %s, those of the rooms that they may see', async (user, count) => {
    expect(await readAll({ of: carols, ascending: true }, user)).toEqual(byCarol.slice(0, count));
    expect(await readAll({ of: carols }, user)).toEqual(byCarol.slice(0, count).toReversed());
  });

  it('of nobody is empty, and one of nothing is refused', async () => {
    const nobody = { $case: 'authorId', value: userIds.dave } as const;
    expect(await world.messages.listMessages({ of: nobody }, contextOf('carol'))).toEqual({ messages: [], more: false });
    await expect(world.messages.listMessages({}, contextOf('carol'))).rejects.toMatchObject({ code: 'validation-failed' });
  });
});
