import { MemberJoined, MemberRole, RoomCreated, RoomType, type ImportedRoom } from '@facet/contracts/rooms';
import { callerOf, importer, userIds } from '@facet/testing';
import { beforeAll, expect, it } from 'vitest';
import { as, haveRoom, membersIn, startRooms, type Rooms } from './rooms.fixtures.js';

const { MEMBER_ROLE_ADMIN, MEMBER_ROLE_MEMBER } = MemberRole;
const createdAt = new Date('2026-06-01T00:00:00.000Z');
let service: Rooms;

beforeAll(async () => {
  service = await startRooms();
});

const load = (rooms: readonly object[]) => service.importing.imports.importRooms({ rooms: rooms as ImportedRoom[] }, as(importer));
const roomOf = (roomId: string) => service.database.db.selectFrom('room').selectAll().where('id', '=', roomId).executeTakeFirst();
const idOf = (number: number) => `01930000-0000-7000-8000-${String(number).padStart(12, '0')}`;

const aScene = (number: number, differs: object = {}, members: readonly string[] = [userIds.alice, userIds.bob]) => ({
  room: { id: idOf(number), name: `Scene ${number}`, type: RoomType.ROOM_TYPE_PUBLIC, createdBy: userIds.alice, createdAt, ...differs },
  members: members.map((userId, index) => ({ userId, role: index ? MEMBER_ROLE_MEMBER : MEMBER_ROLE_ADMIN })),
});

it('creates rooms with their members and publishes them', async () => {
  expect(await load([aScene(1), aScene(2)])).toEqual({ created: 2 });
  expect(await roomOf(idOf(1))).toMatchObject({ name: 'Scene 1', member_count: 2, created_at: createdAt, last_activity_at: createdAt });
  await service.settle();
  const published = (await service.database.published(RoomCreated)).find(({ roomId }) => roomId === idOf(1));
  expect(published?.members).toEqual([
    { userId: userIds.alice, role: MEMBER_ROLE_ADMIN, joinedAt: createdAt },
    { userId: userIds.bob, role: MEMBER_ROLE_MEMBER, joinedAt: createdAt },
  ]);
});

it('run twice it changes nothing; who is new joins, and nobody else is published', async () => {
  await load([aScene(3)]);
  expect(await load([aScene(3, { name: 'Another name' })])).toEqual({ created: 0 });
  expect(await load([aScene(3, {}, [userIds.bob, userIds.carol])])).toEqual({ created: 0 });

  expect(await roomOf(idOf(3))).toMatchObject({ name: 'Scene 3', member_count: 3 });
  expect(await membersIn(service.database.db, idOf(3))).toBe(3);
  await service.settle();
  const joined = (await service.database.published(MemberJoined)).filter(({ roomId }) => roomId === idOf(3));
  expect(joined.map(({ member }) => member?.userId)).toEqual([userIds.carol]);
});

it('the direct room of members who have one stays that one', async () => {
  const existing = await haveRoom(service.database.db, 'direct', { alice: 'admin', carol: 'member' });
  const direct = aScene(4, { type: RoomType.ROOM_TYPE_DIRECT, name: '' }, [userIds.carol, userIds.alice]);
  expect(await load([direct])).toEqual({ created: 0 });
  expect(await roomOf(idOf(4))).toBeUndefined();
  expect(await membersIn(service.database.db, existing)).toBe(2);
});

it('nobody joins a direct room or one that ended', async () => {
  const direct = aScene(5, { type: RoomType.ROOM_TYPE_DIRECT }, [userIds.bob, userIds.dave]);
  await load([direct, aScene(6)]);
  await service.clients.rooms.deleteRoom({ roomId: idOf(6) }, as('alice'));
  const everybody = [userIds.alice, userIds.bob, userIds.carol, userIds.dave];
  await load([aScene(5, { type: RoomType.ROOM_TYPE_DIRECT }, everybody), aScene(6, {}, everybody)]);
  expect([await membersIn(service.database.db, idOf(5)), await membersIn(service.database.db, idOf(6))]).toEqual([2, 2]);
});

it('creates a thousand rooms at once', async () => {
  const scenes = Array.from({ length: 1_000 }, (_, index) => aScene(1_000 + index, {}, Object.values(userIds)));
  expect(await load(scenes)).toEqual({ created: 1_000 });
  expect(await roomOf(idOf(1_999))).toMatchObject({ member_count: 5 });
});

it('is for the importer alone', async () => {
  for (const who of ['alice', 'carol', 'gina'] as const) {
    const asked = service.clients.imports.importRooms({ rooms: [] }, as(callerOf(who)));
    await expect(asked).rejects.toMatchObject({ code: 'forbidden' });
  }
});
