import { NotificationType } from '@facet/contracts/notifications';
import { newId } from '@facet/database';
import { ProblemError } from '@facet/errors';
import type { BatchContext, BatchItem } from '@facet/service-kit';
import { callerOf, contextOf, idOf, importer, userIds, type TestUser } from '@facet/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countUnread } from '../src/rpc/count-unread.js';
import { listNotifications } from '../src/rpc/list-notifications.js';
import { outcome, posted, rooms, startWorld, type World } from './world.fixtures.js';

const users: readonly TestUser[] = ['alice', 'bob', 'carol', 'dave', 'gina'];
const callers = [...users.map((user) => callerOf(user)), importer, { ...callerOf('bob'), scopes: [] }];

let world: World;
beforeAll(async () => {
  world = await startWorld();
  for (const roomId of Object.values(rooms)) {
    await world.tell(...(['carol', 'bob'] as const).map((user) => posted(user, roomId, { content: '@alice @bob @carol @gina' })));
  }
});
afterAll(() => world.stop());

const plain = async (answers: readonly unknown[]) =>
  (await Promise.all(answers)).map((answer) => (answer instanceof ProblemError ? answer.code : answer));

type Handler<Request> = (db: World['database']['db'], items: readonly BatchItem<Request>[], context: BatchContext) => Promise<unknown[]>;

/** Asks for each item alone, then for all of them shuffled, repeated and mixed: the answers must be the same. */
async function expectSameAlone<Request>(handler: Handler<Request>, items: readonly BatchItem<Request>[]): Promise<void> {
  const { db } = world.database;
  const patient = () => contextOf('alice', { timeoutMs: 20_000 });
  const alone = await plain((await Promise.all(items.map((item) => handler(db, [item], patient())))).flat());
  const anyOrder = fc.array(fc.nat({ max: items.length - 1 }), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(anyOrder, async (chosen) => {
      const items_ = chosen.map((at) => items[at]!);
      expect(await plain(await handler(db, items_, patient()))).toEqual(chosen.map((at) => alone[at]));
    }),
    { numRuns: 12 },
  );
}

describe('a batch', () => {
  it('answers each CountUnread as if it were alone', async () => {
    const wanted = [undefined, ...Object.values(rooms), newId()].flatMap((roomId) =>
      [undefined, userIds.carol, userIds.dave].map((userId) => ({ roomId, userId })),
    );
    await expectSameAlone(
      countUnread,
      callers.flatMap((caller) => wanted.map((request) => ({ caller, request }))),
    );
  });

  it('answers each ListNotifications as if it were alone', async () => {
    const wanted = [{ pageSize: 2 }, { pageSize: 20 }, { pageSize: 2, after: newId() }, { pageSize: 2, after: idOf(1) }];
    await expectSameAlone(
      listNotifications,
      callers.flatMap((caller) => wanted.map((request) => ({ caller, request: { after: undefined, ...request } }))),
    );
  });

  it("of alice's items shows dave nothing, and costs alice nothing", async () => {
    const calls = (['alice', 'dave'] as const).map((user) =>
      world.notifications.countUnread({ roomId: rooms.engineering }, contextOf(user)),
    );
    expect(await Promise.all(calls.map(outcome))).toEqual(['ok', 'not-found']);
  });
});

describe('who may do what', () => {
  const call = {
    list: (user: TestUser) => world.notifications.listNotifications({}, contextOf(user)),
    count: (user: TestUser) => world.notifications.countUnread({}, contextOf(user)),
    markSeen: (user: TestUser) => world.notifications.markNotificationsRead({ upTo: newId() }, contextOf(user)),
  };

  it.each([
    ['list', 'ok'],
    ['count', 'ok'],
    ['markSeen', 'forbidden'],
  ] as const)('a guest may %s: %s', async (name, expected) => expect(await outcome(call[name]('gina'))).toBe(expected));

  it.each(['list', 'count', 'markSeen'] as const)('a user may %s', async (name) => expect(await outcome(call[name]('dave'))).toBe('ok'));

  it("a service's own identity reads nothing, and only the importer imports", async () => {
    const own = contextOf(importer);
    expect(await outcome(world.importersNotifications.listNotifications({}, own))).toBe('forbidden');
    expect(await outcome(world.importersNotifications.countUnread({ userId: userIds.alice }, own))).toBe('forbidden');
    expect(await outcome(world.imports.importNotifications({}, own))).toBe('ok');
  });
});

describe('an import', () => {
  const load = (request: Parameters<World['imports']['importNotifications']>[0]) =>
    world.imports.importNotifications(request, contextOf(importer));

  it('creates markers and notifications that do not exist yet, and leaves the others', async () => {
    const said = posted('bob', rooms.general);
    await world.tell(said, posted('bob', rooms.general));
    const notification = {
      id: newId(),
      type: NotificationType.NOTIFICATION_TYPE_REPLY,
      roomId: rooms.general,
      messageId: said.messageId,
      authorId: userIds.bob,
      text: 'long ago',
      createdAt: new Date('2026-02-01T10:00:00Z'),
    };
    const marker = { userId: userIds.gina, roomId: rooms.general, messageId: said.messageId };
    const entry = { userId: userIds.gina, notification };
    expect(await load({ markers: [marker], notifications: [entry, entry] })).toEqual({ created: 1 });
    expect(await world.unread('gina', rooms.general)).toBe(1);
    expect((await world.feed('gina'))[0]).toMatchObject({ ...notification, read: false });

    const later = { ...marker, messageId: newId() };
    expect(await load({ markers: [later], notifications: [entry] })).toEqual({ created: 0 });
    expect(await world.unread('gina', rooms.general)).toBe(1);
  });

  it('of ten thousand markers and a thousand notifications is one call', async () => {
    const markers = Array.from({ length: 10_000 }, (_, at) => ({ userId: idOf(at), roomId: rooms.general, messageId: newId() }));
    const notifications = markers.slice(0, 1_000).map(({ userId, roomId, messageId }) => ({
      userId,
      notification: { id: newId(), type: 1, roomId, messageId, authorId: userIds.bob, text: 'hi', createdAt: new Date() },
    }));
    expect(await load({ markers, notifications })).toEqual({ created: 1_000 });
  });
});
