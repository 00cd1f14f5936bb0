import type { Caller } from '@facet/context';
import { MemberJoined, MemberLeft, MemberRole } from '@facet/contracts/rooms';
import { callerOf, importer, userIds, type TestUser } from '@facet/testing';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { as, haveRoom, membersIn, nobody, outcome, startRooms, type Rooms } from './rooms.fixtures.js';

let service: Rooms;
let rooms: Record<'public' | 'private' | 'direct', string>;
type RoomName = keyof typeof rooms;

beforeAll(async () => {
  service = await startRooms();
});

beforeEach(async () => {
  const { db } = service.database;
  await db.deleteFrom('member').execute();
  await db.deleteFrom('room').execute();
  rooms = {
    public: await haveRoom(db, 'public', { carol: 'admin' }),
    private: await haveRoom(db, 'private', { carol: 'admin', dave: 'member' }),
    direct: await haveRoom(db, 'direct', { carol: 'admin', dave: 'member' }),
  };
});

const client = () => service.clients.rooms;
const join = (who: TestUser | Caller, room: RoomName) => client().joinRoom({ roomId: rooms[room] }, as(who));
const leave = (who: TestUser, room: RoomName) => client().leaveRoom({ roomId: rooms[room] }, as(who));
const add = (who: TestUser, room: RoomName, whom: TestUser) => client().addMember({ roomId: rooms[room], userId: userIds[whom] }, as(who));
const remove = (who: TestUser, room: RoomName, whom: TestUser) =>
  client().removeMember({ roomId: rooms[room], userId: userIds[whom] }, as(who));
const verdict = async (answer: Promise<unknown>) => {
  const result = await outcome(answer);
  return typeof result === 'string' ? result : 'may';
};
const countOf = async (room: RoomName) => {
  const row = await service.database.db.selectFrom('room').select('member_count').where('id', '=', rooms[room]).executeTakeFirstOrThrow();
  return [row.member_count, await membersIn(service.database.db, rooms[room])];
};

describe('joining', () => {
  it.each([
    ['public', { alice: 'may', bob: 'may', carol: 'may', dave: 'may', gina: 'forbidden' }],
    ['private', { alice: 'forbidden', bob: 'not-found', dave: 'may', gina: 'forbidden' }],
    ['direct', { alice: 'not-found', bob: 'not-found', dave: 'may' }],
  ] as const)('a %s room', async (room, expected) => {
    for (const [who, right] of Object.entries(expected)) expect([who, await verdict(join(who as TestUser, room))]).toEqual([who, right]);
  });

  it('shows the room as its new member sees it', async () => {
    expect((await join('dave', 'public')).room).toMatchObject({ memberCount: 2, viewerRole: MemberRole.MEMBER_ROLE_MEMBER });
  });

  it('again changes nothing and publishes nothing', async () => {
    await join('dave', 'public');
    await join('dave', 'public');
    expect(await countOf('public')).toEqual([2, 2]);
    await service.settle();
    const joined = (await service.database.published(MemberJoined)).filter(({ roomId }) => roomId === rooms.public);
    expect(joined).toMatchObject([{ member: { userId: userIds.dave, role: MemberRole.MEMBER_ROLE_MEMBER } }]);
  });

  it('needs a token that covers writing', async () => {
    expect(await verdict(join({ ...callerOf('dave'), scopes: ['read:rooms'] }, 'public'))).toBe('insufficient-scope');
  });

  it('is not for a service', async () => {
    expect(await verdict(service.importing.rooms.joinRoom({ roomId: rooms.public }, as(importer)))).toBe('forbidden');
  });
});

describe('leaving', () => {
  it('takes one out, is published, and again changes nothing', async () => {
    await join('dave', 'public');
    await leave('dave', 'public');
    await leave('dave', 'public');
    expect(await countOf('public')).toEqual([1, 1]);
    await service.settle();
    expect((await service.database.published(MemberLeft)).filter(({ roomId }) => roomId === rooms.public)).toMatchObject([
      { userId: userIds.dave },
    ]);
  });

  it('the last admin may', async () => {
    await leave('carol', 'public');
    expect(await countOf('public')).toEqual([0, 0]);
  });

  it('nobody leaves a direct room', async () => {
    expect(await verdict(leave('dave', 'direct'))).toBe('conflict');
    expect(await verdict(leave('bob', 'direct'))).toBe('not-found');
  });

  it('a private room that one is not in does not exist', async () => {
    expect(await verdict(leave('bob', 'private'))).toBe('not-found');
  });
});

describe('adding others', () => {
  it.each([
    ['public', { alice: 'may', bob: 'may', carol: 'may', dave: 'forbidden', gina: 'forbidden' }],
    ['private', { alice: 'may', bob: 'not-found', carol: 'may', dave: 'forbidden', gina: 'forbidden' }],
    ['direct', { alice: 'not-found', carol: 'conflict', gina: 'forbidden' }],
  ] as const)('to a %s room', async (room, expected) => {
    for (const [who, right] of Object.entries(expected))
      expect([who, await verdict(add(who as TestUser, room, 'gina'))]).toEqual([who, right]);
  });

  it('says whether they were one before, and keeps the role that they had', async () => {
    expect(await add('carol', 'public', 'bob')).toMatchObject({ created: true, member: { role: MemberRole.MEMBER_ROLE_MEMBER } });
    expect(await add('bob', 'public', 'carol')).toMatchObject({ created: false, member: { role: MemberRole.MEMBER_ROLE_ADMIN } });
  });

  it('oneself to a public room is joining it', async () => {
    expect(await add('dave', 'public', 'dave')).toMatchObject({ created: true });
  });

  it('somebody who does not exist is refused and named', async () => {
    const asked = client().addMember({ roomId: rooms.public, userId: nobody }, as('carol'));
    await expect(asked).rejects.toMatchObject({ code: 'validation-failed', errors: [{ pointer: '/userId' }] });
  });
});

describe('taking others out', () => {
  it.each([
    ['public', { bob: 'forbidden', dave: 'forbidden', gina: 'forbidden', carol: 'may', alice: 'may' }],
    ['private', { bob: 'not-found', dave: 'forbidden', gina: 'forbidden', carol: 'may', alice: 'may' }],
    ['direct', { alice: 'not-found', carol: 'conflict' }],
  ] as const)('of a %s room', async (room, expected) => {
    for (const [who, right] of Object.entries(expected))
      expect([who, await verdict(remove(who as TestUser, room, 'gina'))]).toEqual([who, right]);
  });

  it('oneself is leaving', async () => {
    expect(await verdict(remove('dave', 'private', 'dave'))).toBe('may');
    expect(await countOf('private')).toEqual([1, 1]);
  });
});

it('the count is right after everybody came and went at the same time', async () => {
  const people = (['alice', 'bob', 'dave'] as const).flatMap((who) => Array.from({ length: 8 }, (_, turn) => [who, turn] as const));
  await Promise.all(people.map(([who, turn]) => (turn % 2 ? leave(who, 'public') : join(who, 'public'))));
  const [said, counted] = await countOf('public');
  expect(said).toBe(counted);
});

describe('the list of members', () => {
  it('pages by user id in both directions without loss or repeat', async () => {
    for (const who of ['alice', 'bob', 'dave'] as const) await join(who, 'public');
    const everybody = [userIds.alice, userIds.bob, userIds.carol, userIds.dave];
    for (const descending of [false, true]) {
      const seen: string[] = [];
      let more = true;
      while (more) {
        const page = await client().listMembers(
          { roomId: rooms.public, pageSize: 3, descending, ...(seen.length && { after: seen.at(-1) }) },
          as('gina'),
        );
        seen.push(...page.members.map(({ userId }) => userId));
        ({ more } = page);
      }
      expect(seen).toEqual(descending ? [...everybody].reverse() : everybody);
    }
  });

  it('of a room that one does not see does not exist', async () => {
    expect(await verdict(client().listMembers({ roomId: rooms.private }, as('bob')))).toBe('not-found');
  });
});
