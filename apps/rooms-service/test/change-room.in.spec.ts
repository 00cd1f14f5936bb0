import type { Caller } from '@facet/context';
import { RoomDeleted, RoomUpdated, type UpdateRoomRequest } from '@facet/contracts/rooms';
import { callerOf, importer, userIds, type TestUser } from '@facet/testing';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { as, haveRoom, outcome, startRooms, type Rooms } from './rooms.fixtures.js';

let service: Rooms;
let rooms: Record<'public' | 'private' | 'direct', string>;

beforeAll(async () => {
  service = await startRooms();
});

beforeEach(async () => {
  const { db } = service.database;
  await db.deleteFrom('member').execute();
  await db.deleteFrom('room').execute();
  rooms = {
    public: await haveRoom(db, 'public', { carol: 'admin', dave: 'member' }),
    private: await haveRoom(db, 'private', { carol: 'admin', dave: 'member' }),
    direct: await haveRoom(db, 'direct', { carol: 'admin', dave: 'member' }),
  };
});

const update = (who: TestUser | Caller, room: keyof typeof rooms, change: Partial<UpdateRoomRequest> = { topic: 'Changed' }) =>
  service.clients.rooms.updateRoom({ roomId: rooms[room], ...change }, as(who));
const end = (who: TestUser | Caller, room: keyof typeof rooms) => service.clients.rooms.deleteRoom({ roomId: rooms[room] }, as(who));
const verdict = async (answer: Promise<unknown>) => {
  const result = await outcome(answer);
  return typeof result === 'string' ? result : 'may';
};

describe('who may change a room', () => {
  it.each([
    ['public', { alice: 'may', bob: 'may', carol: 'may', dave: 'forbidden', gina: 'forbidden' }],
    ['private', { alice: 'may', bob: 'not-found', carol: 'may', dave: 'forbidden', gina: 'forbidden' }],
    ['direct', { alice: 'not-found', bob: 'not-found', carol: 'may', dave: 'forbidden', gina: 'forbidden' }],
  ] as const)('a %s one', async (room, expected) => {
    for (const [who, right] of Object.entries(expected)) expect([who, await verdict(update(who as TestUser, room))]).toEqual([who, right]);
  });

  it('the room’s admin may not, with a token that covers no writing', async () => {
    expect(await verdict(update({ ...callerOf('carol'), scopes: ['read:rooms'] }, 'public'))).toBe('insufficient-scope');
  });
});

describe('who may end a room', () => {
  it.each([
    ['public', { gina: 'forbidden', dave: 'forbidden', bob: 'forbidden', carol: 'may' }],
    ['public', { alice: 'may' }],
    ['private', { gina: 'forbidden', dave: 'forbidden', bob: 'not-found', alice: 'may' }],
    ['direct', { gina: 'forbidden', alice: 'not-found', dave: 'forbidden', carol: 'may' }],
  ] as const)('a %s one: %o', async (room, expected) => {
    for (const [who, right] of Object.entries(expected)) expect([who, await verdict(end(who as TestUser, room))]).toEqual([who, right]);
  });

  it('no service', async () => {
    expect(await verdict(service.importing.rooms.deleteRoom({ roomId: rooms.public }, as(importer)))).toBe('forbidden');
    expect(await verdict(service.importing.rooms.updateRoom({ roomId: rooms.public, name: 'x' }, as(importer)))).toBe('forbidden');
  });
});

describe('what changes', () => {
  it('is what the request names; an empty topic is none', async () => {
    expect((await update('carol', 'public', { topic: 'Tea' })).room).toMatchObject({ name: 'A public room', topic: 'Tea' });
    const { room } = await update('carol', 'public', { name: 'Kettle', topic: '' });
    expect([room?.name, room?.topic]).toEqual(['Kettle', undefined]);
    expect(room!.updatedAt!.getTime()).toBeGreaterThan(room!.createdAt!.getTime());
  });

  it('is published once, and not where nothing changed', async () => {
    await update('carol', 'public', { name: 'Once' });
    await update('carol', 'public', { name: 'Once' });
    await service.settle();
    expect((await service.database.published(RoomUpdated)).filter(({ name }) => name === 'Once')).toMatchObject([{ roomId: rooms.public }]);
  });

  it('is never the name of a direct room', async () => {
    expect(await verdict(update('carol', 'direct', { name: 'Us' }))).toBe('conflict');
  });
});

describe('a room that ended', () => {
  it('is gone for everybody, stays as a row, and is published', async () => {
    await end('carol', 'public');
    for (const who of ['alice', 'carol', 'dave'] as const) {
      expect(await outcome(service.clients.rooms.getRoom({ roomId: rooms.public }, as(who)))).toBe('not-found');
      expect(await outcome(service.clients.rooms.joinRoom({ roomId: rooms.public }, as(who)))).toBe('not-found');
      const { rooms: listed } = await service.clients.rooms.listRooms({ memberId: userIds.dave }, as(who));
      expect(listed.map(({ id }) => id)).not.toContain(rooms.public);
    }
    expect(await verdict(end('carol', 'public'))).toBe('not-found');
    const row = await service.database.db.selectFrom('room').select('deleted_at').where('id', '=', rooms.public).executeTakeFirst();
    expect(row?.deleted_at).toBeInstanceOf(Date);
    await service.settle();
    expect((await service.database.published(RoomDeleted)).map(({ roomId }) => roomId)).toContain(rooms.public);
  });
});
