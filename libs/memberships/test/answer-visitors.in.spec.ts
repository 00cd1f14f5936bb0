import { inboxMigrations } from '@facet/events';
import { callerOf, contextOf, idOf, testDatabase, userIds, type TestDatabase, type TestUser } from '@facet/testing';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { answerVisitors, canSee, membershipMigrations, type MembershipTables, type RoomAccess } from '../src/index.js';

const [open, closed, unknown] = [idOf(1), idOf(2), idOf(3)];
let database: TestDatabase<MembershipTables>;

beforeAll(async () => {
  database = await testDatabase({ schema: 'presence', migrations: { ...inboxMigrations, ...membershipMigrations } });
});
beforeEach(async () => {
  for (const table of ['known_member', 'known_room'] as const) await database.db.deleteFrom(table).execute();
  await know(open, 'public');
  await know(closed, 'private');
});

afterEach(() => {
  vi.useRealTimers();
});

const know = (id: string, type: 'public' | 'private') =>
  database.db.insertInto('known_room').values({ id, type, created_by: userIds.bob, deleted: false }).execute();
const join = (room_id: string, user_id: string) =>
  database.db.insertInto('known_member').values({ room_id, user_id, role: 'member', joined_at: new Date() }).execute();

interface Item {
  readonly roomId: string | undefined;
  readonly caller: ReturnType<typeof callerOf>;
}
const item = (roomId: string | undefined, user: TestUser = 'carol'): Item => ({ roomId, caller: callerOf(user) });
const idsOf = async (items: readonly Item[], rooms: readonly (RoomAccess | undefined)[]) =>
  rooms.map((room, at) => (canSee(room, items[at]!.caller) ? room.roomId : 'nothing'));

/** What came of the items, and how often they were answered. */
async function visit(items: readonly Item[], { timeoutMs = 5_000, answer = idsOf } = {}) {
  const context = contextOf('carol', { timeoutMs });
  const groups: number[] = [];
  const answers = await answerVisitors(
    database.db,
    items,
    ({ roomId }) => roomId,
    context,
    (some, rooms) => {
      groups.push(some.length);
      return answer(some, rooms);
    },
  );
  return { answers, groups, context };
}

test('who sees their room is answered at once, together, each at their position', async () => {
  const { answers, groups } = await visit([item(open), item(undefined), item(closed, 'alice')]);
  expect({ answers, groups }).toEqual({ answers: [open, 'nothing', closed], groups: [3] });
});

test('who is refused holds nobody up, and is answered at their position', async () => {
  const { answers, groups } = await visit([item(unknown), item(open), item(closed), item(undefined)], { timeoutMs: 60_000 });
  expect(groups).toEqual([2]);
  await expect(Promise.all([answers[1], answers[3]])).resolves.toEqual([open, 'nothing']);
  expect(groups).toEqual([2]);
  await expect(Promise.all(answers)).resolves.toEqual(['nothing', open, 'nothing', 'nothing']);
  expect(groups).toEqual([2, 2]);
});

test('in company, what becomes known a moment later is found', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const { answers } = await visit([item(open), item(closed)]);
  await join(closed, userIds.carol);
  await expect(Promise.all(answers)).resolves.toEqual([open, closed]);
});

test('alone, it may take a while', async () => {
  const { answers } = await visit([item(unknown), item(closed)]);
  setTimeout(() => void Promise.all([know(unknown, 'public'), join(closed, userIds.carol)]), 150);
  await expect(Promise.all(answers)).resolves.toEqual([unknown, closed]);
});

test('half of the time is left to answer who is refused in the end', async () => {
  const { answers, context } = await visit([item(unknown)], { timeoutMs: 300 });
  await expect(Promise.all(answers)).resolves.toEqual(['nothing']);
  expect(context.remainingMs()).toBeGreaterThan(0);
});

test('what fails for some fails for them alone', async () => {
  const answer: typeof idsOf = async (items, rooms) => {
    if (rooms.includes(undefined)) throw new Error('It broke.');
    return idsOf(items, rooms);
  };
  const { answers } = await visit([item(open), item(unknown)], { answer });
  const [one, other] = await Promise.allSettled(answers);
  expect(one).toEqual({ status: 'fulfilled', value: open });
  expect(other).toMatchObject({ status: 'rejected' });
});

test('nobody to answer is nothing to do', async () => {
  const { answers } = await visit([]);
  expect(answers).toEqual([]);
});
