import { ProblemError } from '@facet/errors';
import { newId } from '@facet/database';
import type { BatchContext, BatchItem } from '@facet/service-kit';
import { callerOf, contextOf, importer, userIds, type TestUser } from '@facet/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getMessages } from '../src/rpc/get-messages.js';
import { listMessages } from '../src/rpc/list-messages.js';
import type { GetMessage, ListMessages } from '../src/rpc/requests.js';
import { outcome, rooms, startWorld, type World } from './world.fixtures.js';

const users: readonly TestUser[] = ['alice', 'bob', 'carol', 'dave', 'gina'];
const callers = [...users.map((user) => callerOf(user)), importer, { ...callerOf('bob'), scopes: [] }];

let world: World;
const said: string[] = [];
beforeAll(async () => {
  world = await startWorld();
  for (const [user, room] of [
    ['bob', 'general'],
    ['carol', 'engineering'],
    ['carol', 'board'],
    ['alice', 'pair'],
  ] as const) {
    for (let round = 0; round < 3; round += 1) said.push(await world.say(user, room));
  }
  await world.messages.addReaction({ messageId: said[0]!, emoji: '👍' }, contextOf('alice'));
  await world.messages.addReaction({ messageId: said[0]!, emoji: '👍' }, contextOf('carol'));
  await world.messages.addReaction({ messageId: said[3]!, emoji: '🎉' }, contextOf('bob'));
  await world.messages.deleteMessage({ messageId: said[4]! }, contextOf('carol'));
});
afterAll(() => world.stop());

/** Answers as they can be compared: a problem by its code. */
const plain = async (answers: readonly unknown[]) =>
  (await Promise.all(answers)).map((answer) => (answer instanceof ProblemError ? answer.code : answer));

type Handler<Request> = (db: World['database']['db'], items: readonly BatchItem<Request>[], context: BatchContext) => Promise<unknown[]>;

/** Asks for each item alone, then for all of them shuffled, repeated and mixed: the answers must be the same. */
async function expectSameAlone<Request>(handler: Handler<Request>, items: readonly BatchItem<Request>[]): Promise<void> {
  const { db } = world.database;
  const alone = await plain(
    (await Promise.all(items.map((item) => handler(db, [item], contextOf('alice', { timeoutMs: 20_000 }))))).flat(),
  );
  expect(new Set(alone.filter((answer) => typeof answer === 'string')).size).toBeGreaterThan(1);
  const anyOrder = fc.array(fc.nat({ max: items.length - 1 }), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(anyOrder, async (chosen) => {
      const answers = await handler(
        db,
        chosen.map((at) => items[at]!),
        contextOf('alice', { timeoutMs: 20_000 }),
      );
      expect(await plain(answers)).toEqual(chosen.map((at) => alone[at]));
    }),
    { numRuns: 12 },
  );
}

describe('a batch', () => {
  it('answers each GetMessage as if it were alone', async () => {
    const wanted: GetMessage[] = [
      ...said.map((messageId) => ({ messageId })),
      { messageId: newId() },
      { messageId: said[0]!, roomId: rooms.general },
      { messageId: said[0]!, roomId: rooms.engineering },
      { messageId: said[3]!, roomId: rooms.engineering },
    ];
    await expectSameAlone(
      getMessages,
      callers.flatMap((caller) => wanted.map((request) => ({ caller, request }))),
    );
  });

  it('answers each ListMessages as if it were alone', async () => {
    const ofs = [
      ...[...Object.values(rooms), newId()].map((value) => ({ $case: 'roomId', value }) as const),
      ...[userIds.alice, userIds.carol, newId()].map((value) => ({ $case: 'authorId', value }) as const),
    ];
    const wanted: ListMessages[] = ofs.flatMap((of) => [
      { of, pageSize: 2, ascending: false },
      { of, pageSize: 2, ascending: true, after: said[3] },
    ]);
    await expectSameAlone(
      listMessages,
      callers.flatMap((caller) => wanted.map((request) => ({ caller, request }))),
    );
  });

  it("of alice's items shows dave nothing, and costs alice nothing", async () => {
    const room = { of: { $case: 'roomId', value: rooms.engineering } } as const;
    const calls = [
      world.messages.getMessage({ messageId: said[3]! }, contextOf('alice')),
      world.messages.getMessage({ messageId: said[3]! }, contextOf('dave')),
      world.messages.listMessages(room, contextOf('dave')),
      world.messages.listMessages(room, contextOf('alice')),
    ];
    expect(await Promise.all(calls.map(outcome))).toEqual(['ok', 'not-found', 'not-found', 'ok']);
  });

  it('is answered in time though somebody in it asks for what is not there', async () => {
    const [mine, foreign] = await Promise.all([
      outcome(world.messages.getMessage({ messageId: said[0]! }, contextOf('alice', { timeoutMs: 600 }))),
      outcome(world.messages.getMessage({ messageId: said[3]! }, contextOf('dave', { timeoutMs: 600 }))),
    ]);
    expect([mine, foreign]).toEqual(['ok', 'not-found']);
  });

  it('marks the reactions of each caller as their own', async () => {
    const mine = async (user: TestUser) => (await world.messages.getMessage({ messageId: said[0]! }, contextOf(user))).message?.reactions;
    expect(await Promise.all([mine('alice'), mine('bob')])).toEqual([
      [{ emoji: '👍', count: 2, mine: true }],
      [{ emoji: '👍', count: 2, mine: false }],
    ]);
  });
});
