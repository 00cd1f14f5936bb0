import { MemberLeft } from '@facet/contracts/rooms';
import { UserDeleted } from '@facet/contracts/users';
import { event } from '@facet/events';
import { userIds } from '@facet/testing';
import { beforeAll, expect, it } from 'vitest';
import { as, haveRoom, outcome, startRooms, type Rooms } from './rooms.fixtures.js';

let service: Rooms;
let rooms: Record<'public' | 'private' | 'direct' | 'others', string>;
const deletedAt = new Date('2026-11-20T09:00:00.000Z');

beforeAll(async () => {
  service = await startRooms();
  const { db } = service.database;
  rooms = {
    public: await haveRoom(db, 'public', { carol: 'admin', dave: 'member' }),
    private: await haveRoom(db, 'private', { alice: 'admin', carol: 'member', dave: 'member' }),
    direct: await haveRoom(db, 'direct', { carol: 'admin', dave: 'member' }),
    others: await haveRoom(db, 'public', { dave: 'admin' }),
  };
  await service.database.emit([event(UserDeleted, { key: userIds.carol }, { userId: userIds.carol, deletedAt })]);
  await service.settle();
});

it('whoever is gone has left all rooms but the direct ones, whose counts are right', async () => {
  const left = await service.database.db.selectFrom('member').select('room_id').where('user_id', '=', userIds.carol).execute();
  expect(left.map(({ room_id }) => room_id)).toEqual([rooms.direct]);
  const counts = await service.database.db.selectFrom('room').select(['id', 'member_count']).execute();
  const countOf = new Map(counts.map(({ id, member_count }) => [id, member_count]));
  expect([rooms.public, rooms.private, rooms.direct, rooms.others].map((id) => countOf.get(id))).toEqual([1, 2, 2, 1]);
});

it('the others learn of it as of anybody who leaves', async () => {
  await service.settle();
  const expected = [rooms.public, rooms.private].map((roomId) => ({ roomId, userId: userIds.carol, leftAt: deletedAt }));
  const told = await service.database.published(MemberLeft);
  expect(told).toHaveLength(2);
  expect(told).toEqual(expect.arrayContaining(expected));
});

it('nobody can add them again', async () => {
  const adding = service.clients.rooms.addMember({ roomId: rooms.private, userId: userIds.carol }, as('alice'));
  expect(await outcome(adding)).toBe('validation-failed');
});
