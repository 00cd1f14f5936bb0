import type { Caller } from '@facet/context';
import { RoomOrder, type ListRoomsRequest } from '@facet/contracts/rooms';
import { newId } from '@facet/database';
import { callerOf, userIds, type TestUser } from '@facet/testing';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { as, haveRoom, nobody, outcome, startRooms, users, type Rooms } from './rooms.fixtures.js';

let service: Rooms;
const nameOf = new Map<string, string>();
const idOf = (name: string) => [...nameOf].find(([, each]) => each === name)![0];

/** Made in this order, so listed in this order by id. */
const world = [
  ['lobby', 'public', { alice: 'admin', bob: 'member', carol: 'member' }, 5],
  ['chess', 'public', { bob: 'admin' }, 9],
  ['board', 'private', { alice: 'admin', bob: 'member' }, 7],
  ['club', 'private', { carol: 'admin', dave: 'member' }, 8],
  ['alice and bob', 'direct', { alice: 'admin', bob: 'member' }, 6],
  ['carol and dave', 'direct', { carol: 'admin', dave: 'member' }, 3],
  ['garden', 'public', { dave: 'admin' }, 1],
  ['gone', 'public', { alice: 'admin', dave: 'member' }, 2],
] as const;

beforeAll(async () => {
  service = await startRooms();
  for (const [name, type, members, minute] of world) {
    const last_activity_at = new Date(Date.UTC(2026, 10, 2, 12, minute));
    const deleted_at = name === 'gone' ? new Date() : null;
    nameOf.set(await haveRoom(service.database.db, type, members, { id: newId(), last_activity_at, deleted_at }), name);
  }
});

async function list(who: TestUser | Caller, request: Partial<ListRoomsRequest> = {}) {
  const { rooms, more } = await service.clients.rooms.listRooms(request, as(who));
  return { names: rooms.map(({ id }) => nameOf.get(id)), more };
}

describe('all rooms that somebody sees', () => {
  it.each([
    ['alice', ['lobby', 'chess', 'board', 'club', 'alice and bob', 'garden']],
    ['bob', ['lobby', 'chess', 'board', 'alice and bob', 'garden']],
    ['carol', ['lobby', 'chess', 'club', 'carol and dave', 'garden']],
    ['gina', ['lobby', 'chess', 'garden']],
  ] as const)('%s: %s', async (who, names) => {
    expect(await list(who)).toEqual({ names, more: false });
    expect(await list(who, { order: RoomOrder.ROOM_ORDER_ID_DESC })).toEqual({ names: [...names].reverse(), more: false });
  });
});

describe('rooms of a member', () => {
  it('all of one’s own', async () => {
    expect((await list('bob', { memberId: userIds.bob })).names).toEqual(['lobby', 'chess', 'board', 'alice and bob']);
  });

  it('of somebody else: public ones and shared ones', async () => {
    expect((await list('bob', { memberId: userIds.alice })).names).toEqual(['lobby', 'board', 'alice and bob']);
    expect((await list('dave', { memberId: userIds.carol })).names).toEqual(['lobby', 'club', 'carol and dave']);
    expect((await list('dave', { memberId: userIds.alice })).names).toEqual(['lobby']);
  });

  it('of somebody else, for an admin: private ones as well, never direct ones', async () => {
    expect((await list('alice', { memberId: userIds.carol })).names).toEqual(['lobby', 'club']);
  });

  it('of somebody else, for a guest: public ones alone', async () => {
    expect((await list('gina', { memberId: userIds.alice })).names).toEqual(['lobby']);
  });

  it('of nobody: none', async () => {
    expect(await list('alice', { memberId: nobody })).toEqual({ names: [], more: false });
  });

  it('by last activity', async () => {
    const request = { memberId: userIds.bob, order: RoomOrder.ROOM_ORDER_LAST_ACTIVITY };
    expect(await list('bob', request)).toEqual({ names: ['chess', 'board', 'alice and bob', 'lobby'], more: false });
    expect(await list('bob', { ...request, pageSize: 2 })).toEqual({ names: ['chess', 'board'], more: true });
  });
});

it('joinable rooms are the public ones that one is not in', async () => {
  expect((await list('carol', { joinable: true })).names).toEqual(['chess', 'garden']);
  expect((await list('alice', { joinable: true, order: RoomOrder.ROOM_ORDER_ID_DESC })).names).toEqual(['garden', 'chess']);
});

describe('pages', () => {
  it.each([RoomOrder.ROOM_ORDER_ID_ASC, RoomOrder.ROOM_ORDER_ID_DESC])('lose and repeat nothing, in order %s', async (order) => {
    for (const request of [{}, { memberId: userIds.bob }, { joinable: true }]) {
      const whole = await list('bob', { ...request, order });
      const paged: unknown[] = [];
      let page: Awaited<ReturnType<typeof list>> | undefined;
      do {
        const last = page?.names.at(-1);
        page = await list('bob', { ...request, order, pageSize: 2, ...(last && { after: idOf(last) }) });
        paged.push(...page.names);
      } while (page.more);
      expect(paged).toEqual(whole.names);
    }
  });

  it('are stable while rooms are made', async () => {
    const first = await list('gina', { pageSize: 1, order: RoomOrder.ROOM_ORDER_ID_DESC });
    const newer = await haveRoom(service.database.db, 'public', {});
    const second = await list('gina', { pageSize: 1, order: RoomOrder.ROOM_ORDER_ID_DESC, after: idOf(first.names[0]!) });
    expect([first.names, second.names]).toEqual([['garden'], ['chess']]);
    await service.database.db.deleteFrom('room').where('id', '=', newer).execute();
  });

  it.each([
    ['more than a page can hold', { pageSize: 101 }, '/pageSize'],
    ['an order that there is not', { order: 9 as RoomOrder }, '/order'],
    ['joinable rooms of a member', { joinable: true, memberId: userIds.bob }, '/joinable'],
    ['all rooms by last activity', { order: RoomOrder.ROOM_ORDER_LAST_ACTIVITY }, '/order'],
    ['a member id that is none', { memberId: 'bob' }, '/memberId'],
  ])('%s: refused and named', async (_, request, pointer) => {
    await expect(list('bob', request)).rejects.toMatchObject({ code: 'validation-failed', errors: [{ pointer }] });
  });
});

describe('a batch of mixed callers', () => {
  const who = fc.constantFrom<Caller>(...users.map((user) => callerOf(user)), { ...callerOf('bob'), scopes: [] });
  const member = fc.constantFrom(...Object.values(userIds), undefined);
  const request = fc.record({
    kind: fc.constantFrom('of member', 'joinable', 'visible'),
    member,
    order: fc.constantFrom(RoomOrder.ROOM_ORDER_ID_ASC, RoomOrder.ROOM_ORDER_ID_DESC, RoomOrder.ROOM_ORDER_LAST_ACTIVITY),
    pageSize: fc.integer({ min: 0, max: 4 }),
    after: fc.option(fc.integer({ min: 0, max: world.length - 1 }), { nil: undefined }),
  });

  it('answers each list as the single call would', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(who, request), { minLength: 2, maxLength: 10 }), async (calls) => {
        const ask = ([caller, { kind, member, order, pageSize, after }]: (typeof calls)[number]) =>
          outcome(
            list(caller, {
              ...(kind === 'of member' && { memberId: member }),
              joinable: kind === 'joinable',
              order,
              pageSize,
              ...(after !== undefined && { after: [...nameOf.keys()][after]! }),
            }),
          );
        const together = await Promise.all(calls.map(ask));
        const alone = [];
        for (const call of calls) alone.push(await ask(call));
        expect(together).toEqual(alone);
      }),
      { numRuns: 40 },
    );
  });
});
