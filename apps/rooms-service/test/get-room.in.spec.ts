import type { Caller } from '@facet/context';
import { MemberRole } from '@facet/contracts/rooms';
import { callerOf, importer, userIds, type TestUser } from '@facet/testing';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { as, haveRoom, nobody, outcome, startRooms, users, type Rooms } from './rooms.fixtures.js';

let service: Rooms;
const rooms: Record<string, string> = {};

beforeAll(async () => {
  service = await startRooms();
  const { db } = service.database;
  rooms.public = await haveRoom(db, 'public', { bob: 'admin', carol: 'member' });
  rooms.private = await haveRoom(db, 'private', { carol: 'admin', gina: 'member' });
  rooms.direct = await haveRoom(db, 'direct', { bob: 'admin', carol: 'member' });
  rooms.deleted = await haveRoom(db, 'public', { alice: 'admin' }, { deleted_at: new Date() });
});

const get = (who: TestUser | Caller, room: string) => service.clients.rooms.getRoom({ roomId: rooms[room] ?? room }, as(who));

describe('who sees a room', () => {
  it.each([
    ['public', ['alice', 'bob', 'carol', 'dave', 'gina']],
    ['private', ['alice', 'carol']],
    ['direct', ['bob', 'carol']],
    ['deleted', []],
  ])('a %s one: %s, and to all others it does not exist', async (room, seeing) => {
    for (const who of users) {
      const seen = await outcome(get(who, room));
      expect([who, seen === 'not-found' ? 'does not' : 'sees']).toEqual([who, seeing.includes(who) ? 'sees' : 'does not']);
    }
  });

  it('nobody whose token does not cover rooms', async () => {
    expect(await outcome(get({ ...callerOf('alice'), scopes: [] }, 'public'))).toBe('insufficient-scope');
  });

  it('no service of its own accord', async () => {
    const asked = service.importing.rooms.getRoom({ roomId: rooms.public! }, as(importer));
    expect(await outcome(asked)).toBe('forbidden');
  });
});

describe('what a room says', () => {
  it('the role of who asks in it', async () => {
    const roles = await Promise.all((['bob', 'carol', 'dave'] as const).map(async (who) => (await get(who, 'public')).room?.viewerRole));
    expect(roles).toEqual([MemberRole.MEMBER_ROLE_ADMIN, MemberRole.MEMBER_ROLE_MEMBER, MemberRole.MEMBER_ROLE_UNSPECIFIED]);
  });

  it('who is in it, where it is direct, and nothing of the kind otherwise', async () => {
    expect((await get('bob', 'direct')).room).toMatchObject({ name: '', memberCount: 2, directMemberIds: [userIds.bob, userIds.carol] });
    expect((await get('bob', 'public')).room).toMatchObject({ name: 'A public room', memberCount: 2, directMemberIds: [] });
  });
});

it('a bad id is refused and named', async () => {
  await expect(get('alice', 'general')).rejects.toMatchObject({ code: 'validation-failed', errors: [{ pointer: '/roomId' }] });
});

describe('a batch of mixed callers', () => {
  const who = fc.constantFrom<Caller>(...users.map((user) => callerOf(user)), { ...callerOf('carol'), scopes: ['write:rooms'] });
  const which = fc.constantFrom('public', 'private', 'direct', 'deleted', nobody);

  it('answers each room as the single call would', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(who, which), { minLength: 2, maxLength: 12 }), async (calls) => {
        const together = await Promise.all(calls.map(([caller, room]) => outcome(get(caller, room))));
        const alone = [];
        for (const [caller, room] of calls) alone.push(await outcome(get(caller, room)));
        expect(together).toEqual(alone);
      }),
      { numRuns: 25 },
    );
  });

  it('answers each page of members as the single call would', async () => {
    const page = fc.record({
      pageSize: fc.integer({ min: 0, max: 3 }),
      descending: fc.boolean(),
      after: fc.option(fc.constantFrom(...Object.values(userIds)), { nil: undefined }),
    });
    const list = (caller: Caller, room: string, request: object) =>
      outcome(service.clients.rooms.listMembers({ roomId: rooms[room] ?? room, ...request }, as(caller)));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(who, which, page), { minLength: 2, maxLength: 12 }), async (calls) => {
        const together = await Promise.all(calls.map((call) => list(...call)));
        const alone = [];
        for (const call of calls) alone.push(await list(...call));
        expect(together).toEqual(alone);
      }),
      { numRuns: 25 },
    );
  });
});
