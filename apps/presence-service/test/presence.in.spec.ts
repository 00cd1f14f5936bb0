import type { Caller } from '@facet/context';
import { PresenceStatus } from '@facet/contracts/presence';
import { MemberJoined, MemberLeft, RoomDeleted, RoomType } from '@facet/contracts/rooms';
import { newId } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { event } from '@facet/events';
import { callerOf, contextOf, importer, userIds, type TestUser } from '@facet/testing';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { LeaseSweeper } from '../src/lease-sweeper.js';
import { aRoomCreated, haveRoom, startPresence, type Presence } from './presence.fixtures.js';

const { PRESENCE_STATUS_ONLINE, PRESENCE_STATUS_AWAY } = PresenceStatus;
const { ROOM_TYPE_PUBLIC, ROOM_TYPE_PRIVATE, ROOM_TYPE_DIRECT } = RoomType;
const users: readonly TestUser[] = ['alice', 'bob', 'carol', 'dave', 'gina'];
let service: Presence;
let rooms: Record<'public' | 'private' | 'direct', string>;

beforeEach(async () => {
  if (service) return void (await forgetLeases());
  service = await startPresence();
  rooms = {
    public: await haveRoom(service, ROOM_TYPE_PUBLIC, ['alice', 'bob', 'carol']),
    private: await haveRoom(service, ROOM_TYPE_PRIVATE, ['bob', 'carol', 'gina']),
    direct: await haveRoom(service, ROOM_TYPE_DIRECT, ['bob', 'carol']),
  };
});

async function forgetLeases() {
  await service.database.db.deleteFrom('lease').execute();
  await service.database.db.deleteFrom('typing').execute();
}

const as = (who: TestUser | Caller) => contextOf(typeof who === 'string' ? callerOf(who) : who);
const count = async (who: TestUser | Caller, roomId: string) => (await service.clients.presence.countOnline({ roomId }, as(who))).count;
const heartbeat = (who: TestUser | Caller, status = PRESENCE_STATUS_ONLINE) => service.clients.presence.heartbeat({ status }, as(who));
const typing = (who: TestUser | Caller, roomId: string) => service.clients.presence.setTyping({ roomId }, as(who));

async function outcome(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProblemError) return error.code;
    throw error;
  }
}

describe('who counts as online', () => {
  it('members whose lease is running and says online', async () => {
    expect(await count('carol', rooms.public)).toBe(0);
    await heartbeat('alice');
    await heartbeat('bob');
    await heartbeat('carol', PRESENCE_STATUS_AWAY);
    await heartbeat('dave');
    expect(await count('carol', rooms.public)).toBe(2);
    expect(await count('carol', rooms.direct)).toBe(1);
  });

  it('nobody 30 seconds after the last sign of life', async () => {
    await heartbeat('alice');
    service.pass(29_999);
    expect(await count('carol', rooms.public)).toBe(1);
    await heartbeat('alice');
    service.pass(29_999);
    expect(await count('carol', rooms.public)).toBe(1);
    service.pass(1);
    expect(await count('carol', rooms.public)).toBe(0);
  });

  it('nobody who went away', async () => {
    await heartbeat('alice');
    await heartbeat('alice', PRESENCE_STATUS_AWAY);
    expect(await count('carol', rooms.public)).toBe(0);
  });

  it('who joined, and no longer who left', async () => {
    const roomId = await haveRoom(service, ROOM_TYPE_PUBLIC, ['alice']);
    await heartbeat('dave');
    await service.database.emit([
      event(
        MemberJoined,
        { key: roomId },
        MemberJoined.fromPartial({ roomId, member: { userId: userIds.dave, role: 1, joinedAt: new Date() } }),
      ),
    ]);
    await service.settle();
    expect(await count('alice', roomId)).toBe(1);
    await service.database.emit([event(MemberLeft, { key: roomId }, MemberLeft.fromPartial({ roomId, userId: userIds.dave }))]);
    await service.settle();
    expect(await count('alice', roomId)).toBe(0);
  });
});

describe('where somebody may count', () => {
  it.each([
    ['public', ['alice', 'bob', 'carol', 'dave', 'gina']],
    ['private', ['alice', 'bob', 'carol']],
    ['direct', ['bob', 'carol']],
  ] as const)('a %s room: %s, and for all others it does not exist', async (room, seeing) => {
    for (const who of users) {
      const expected = (seeing as readonly string[]).includes(who) ? 0 : 'not-found';
      expect([who, await outcome(count(who, rooms[room]))]).toEqual([who, expected]);
    }
  });

  it('no room that ended', async () => {
    const roomId = await haveRoom(service, ROOM_TYPE_PUBLIC, ['alice']);
    await service.database.emit([event(RoomDeleted, { key: roomId }, RoomDeleted.fromPartial({ roomId }))]);
    await service.settle();
    expect(await outcome(count('alice', roomId))).toBe('not-found');
  });

  it('nowhere, with a token that does not cover rooms', async () => {
    expect(await outcome(count({ ...callerOf('alice'), scopes: [] }, rooms.public))).toBe('insufficient-scope');
  });

  it('nowhere, for a service of its own accord', async () => {
    expect(await outcome(service.importing.presence.countOnline({ roomId: rooms.public }, contextOf(importer)))).toBe('forbidden');
  });

  it('a room of which the news is still on its way', async () => {
    const roomId = newId();
    const asking = count('alice', roomId);
    await service.database.emit([aRoomCreated(roomId, ROOM_TYPE_PUBLIC, ['alice'])]);
    expect(await asking).toBe(0);
  });
});

it('a batch of mixed callers answers each item as the single call would', async () => {
  await heartbeat('bob');
  const callers: Caller[] = [...users.map((user) => callerOf(user)), { ...callerOf('carol'), scopes: ['write:messages'] }];
  const calls = callers.flatMap((caller) => [rooms.public, rooms.private, rooms.direct].map((roomId) => ({ caller, roomId })));
  const ask = ({ caller, roomId }: (typeof calls)[number]) => outcome(count(caller, roomId));
  const alone = new Map<object, unknown>();
  for (const call of calls) alone.set(call, await ask(call));

  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...calls), { minLength: 2, maxLength: 12 }), async (chosen) => {
      expect(await Promise.all(chosen.map(ask))).toEqual(chosen.map((call) => alone.get(call)));
    }),
    { numRuns: 25 },
  );
});

it('an unknown room in a batch does not keep its neighbours from being answered', async () => {
  const context = contextOf(callerOf('carol'), { timeoutMs: 600 });
  const ask = (roomId: string) => service.clients.presence.countOnline({ roomId }, context);
  const [known, unknown] = await Promise.allSettled([ask(rooms.public), ask(newId())]);
  expect(known).toMatchObject({ status: 'fulfilled', value: { count: 0 } });
  expect(unknown).toMatchObject({ status: 'rejected', reason: { code: 'not-found' } });
});

describe('a sign of life', () => {
  it('comes from everybody but guests', async () => {
    for (const who of ['alice', 'bob', 'carol'] as const) expect(await outcome(heartbeat(who))).toEqual({});
    expect(await outcome(heartbeat('gina'))).toBe('forbidden');
    expect(await outcome(heartbeat({ ...callerOf('carol'), scopes: ['read:rooms'] }))).toBe('insufficient-scope');
    const request = service.importing.presence.heartbeat({ status: PRESENCE_STATUS_ONLINE }, contextOf(importer));
    expect(await outcome(request)).toBe('forbidden');
  });

  it('says online or away', async () => {
    const request = heartbeat('carol', PresenceStatus.PRESENCE_STATUS_UNSPECIFIED);
    await expect(request).rejects.toMatchObject({ code: 'validation-failed', errors: [{ pointer: '/status' }] });
  });
});

describe('typing', () => {
  it('is a lease of 5 seconds', async () => {
    await typing('carol', rooms.private);
    const rows = await service.database.db.selectFrom('typing').selectAll().execute();
    expect(rows).toEqual([{ room_id: rooms.private, user_id: userIds.carol, expires_at: service.clock.inMs(5_000) }]);
  });

  it.each([
    ['public', { carol: {}, dave: 'forbidden', gina: 'forbidden' }],
    ['private', { carol: {}, alice: 'forbidden', dave: 'not-found' }],
    ['direct', { carol: {}, alice: 'not-found', dave: 'not-found' }],
  ] as const)('in a %s room is for its members', async (room, expected) => {
    for (const [who, right] of Object.entries(expected))
      expect([who, await outcome(typing(who as TestUser, rooms[room]))]).toEqual([who, right]);
  });
});

it('ended leases are swept away, running ones stay', async () => {
  await heartbeat('alice');
  await typing('alice', rooms.public);
  service.pass(30_000);
  await heartbeat('bob');
  await service.app.get(LeaseSweeper).sweep();
  expect(await service.database.db.selectFrom('lease').select('user_id').execute()).toEqual([{ user_id: userIds.bob }]);
  expect(await service.database.db.selectFrom('typing').selectAll().execute()).toEqual([]);
});
