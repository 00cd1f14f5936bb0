import type { Caller } from '@facet/context';
import { MemberRole, RoomCreated, RoomType, type CreateRoomRequest } from '@facet/contracts/rooms';
import { UserCreated } from '@facet/contracts/users';
import { event } from '@facet/events';
import { callerOf, importer, userIds, type TestUser } from '@facet/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { as, membersIn, nobody, outcome, startRooms, type Rooms } from './rooms.fixtures.js';

const { ROOM_TYPE_PUBLIC, ROOM_TYPE_PRIVATE, ROOM_TYPE_DIRECT } = RoomType;
let service: Rooms;

beforeAll(async () => {
  service = await startRooms();
});

const create = (who: TestUser | Caller, request: Partial<CreateRoomRequest>) => service.clients.rooms.createRoom(request, as(who));

describe('who may make a room', () => {
  it.each(['alice', 'bob', 'carol'] as const)('%s may, and rules it', async (who) => {
    const { room, created } = await create(who, {
      name: 'Tea',
      type: ROOM_TYPE_PRIVATE,
      topic: 'Leaves',
      memberIds: [userIds.dave, userIds[who]],
    });
    expect(created).toBe(true);
    expect(room).toMatchObject({
      name: 'Tea',
      topic: 'Leaves',
      createdBy: userIds[who],
      memberCount: 2,
      viewerRole: MemberRole.MEMBER_ROLE_ADMIN,
    });
    expect(room?.lastActivityAt).toEqual(room?.createdAt);
  });

  it('a guest may not', async () => {
    expect(await outcome(create('gina', { name: 'Tea', type: ROOM_TYPE_PUBLIC }))).toBe('forbidden');
  });

  it('a token that covers no writing may not', async () => {
    expect(await outcome(create({ ...callerOf('alice'), scopes: ['read:rooms'] }, { name: 'Tea', type: ROOM_TYPE_PUBLIC }))).toBe(
      'insufficient-scope',
    );
  });

  it('a service may not', async () => {
    expect(await outcome(service.importing.rooms.createRoom({ name: 'Tea', type: ROOM_TYPE_PUBLIC }, as(importer)))).toBe('forbidden');
  });
});

it('is published with its members', async () => {
  const { room } = await create('carol', { name: 'Published', type: ROOM_TYPE_PUBLIC, memberIds: [userIds.dave] });
  await service.settle();
  const published = (await service.database.published(RoomCreated)).find(({ roomId }) => roomId === room?.id);
  expect(published).toMatchObject({ type: ROOM_TYPE_PUBLIC, name: 'Published', createdBy: userIds.carol });
  expect(published?.members).toMatchObject([
    { userId: userIds.carol, role: MemberRole.MEMBER_ROLE_ADMIN },
    { userId: userIds.dave, role: MemberRole.MEMBER_ROLE_MEMBER },
  ]);
});

describe('a direct room', () => {
  it('is one room for the same members, whoever asks and in whatever order', async () => {
    const first = await create('carol', { type: ROOM_TYPE_DIRECT, memberIds: [userIds.dave], name: 'ignored' });
    const again = await create('dave', { type: ROOM_TYPE_DIRECT, memberIds: [userIds.carol] });
    expect([first.created, again.created]).toEqual([true, false]);
    expect(again.room?.id).toBe(first.room?.id);
    expect(again.room).toMatchObject({ name: '', directMemberIds: [userIds.carol, userIds.dave] });
  });

  it('is one room when many ask at the same time', async () => {
    const asking = Array.from({ length: 20 }, (_, index) =>
      create(index % 2 ? 'alice' : 'bob', { type: ROOM_TYPE_DIRECT, memberIds: [index % 2 ? userIds.bob : userIds.alice] }),
    );
    const answers = await Promise.all(asking);
    expect(new Set(answers.map(({ room }) => room?.id)).size).toBe(1);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(await membersIn(service.database.db, answers[0]!.room!.id)).toBe(2);
  });

  it('of three is another room than that of two of them', async () => {
    const two = await create('alice', { type: ROOM_TYPE_DIRECT, memberIds: [userIds.bob] });
    const three = await create('alice', { type: ROOM_TYPE_DIRECT, memberIds: [userIds.bob, userIds.carol] });
    expect(three.room?.id).not.toBe(two.room?.id);
  });

  it('that ended makes way for a new one', async () => {
    const ended = await create('alice', { type: ROOM_TYPE_DIRECT, memberIds: [userIds.dave] });
    await service.clients.rooms.deleteRoom({ roomId: ended.room!.id }, as('alice'));
    const next = await create('dave', { type: ROOM_TYPE_DIRECT, memberIds: [userIds.alice] });
    expect(next.created).toBe(true);
    expect(next.room?.id).not.toBe(ended.room?.id);
  });

  it.each([
    ['alone', [userIds.carol]],
    ['with nobody named', []],
  ])('%s is refused', async (_, memberIds) => {
    await expect(create('carol', { type: ROOM_TYPE_DIRECT, memberIds })).rejects.toMatchObject({
      code: 'validation-failed',
      errors: [{ pointer: '/memberIds' }],
    });
  });
});

describe('what is refused and named', () => {
  it.each([
    ['no name', { name: '', type: ROOM_TYPE_PUBLIC }, '/name'],
    ['a name of 81 characters', { name: 'é'.repeat(81), type: ROOM_TYPE_PUBLIC }, '/name'],
    ['a name with NUL', { name: 'a\0', type: ROOM_TYPE_PRIVATE }, '/name'],
    ['a topic of 251 characters', { name: 'Tea', type: ROOM_TYPE_PUBLIC, topic: 'a'.repeat(251) }, '/topic'],
    ['no type', { name: 'Tea' }, '/type'],
    ['a type that there is not', { name: 'Tea', type: 7 as RoomType }, '/type'],
    ['101 members', { name: 'Tea', type: ROOM_TYPE_PUBLIC, memberIds: Array(101).fill(userIds.bob) as string[] }, '/memberIds'],
    ['a member id that is none', { name: 'Tea', type: ROOM_TYPE_PUBLIC, memberIds: [userIds.bob, 'carol'] }, '/memberIds/1'],
    ['a member who does not exist', { name: 'Tea', type: ROOM_TYPE_PUBLIC, memberIds: [userIds.bob, nobody] }, '/memberIds/1'],
  ])('%s', async (_, request, pointer) => {
    await expect(create('carol', request)).rejects.toMatchObject({ code: 'validation-failed', errors: [{ pointer }] });
  });
});

it('a user who has only just come to be can be a member', async () => {
  const newcomer = '01900000-0000-7000-8000-0000000000aa';
  const asking = create('carol', { name: 'Welcome', type: ROOM_TYPE_PRIVATE, memberIds: [newcomer] });
  await service.database.emit([event(UserCreated, { key: newcomer }, UserCreated.fromPartial({ userId: newcomer, username: 'newcomer' }))]);
  expect((await asking).room?.memberCount).toBe(2);
});
