import { RoomOrder, RoomType } from '@facet/contracts/rooms';
import { DownstreamError } from '@facet/errors';
import { aRoom, contextOf, idOf, userIds } from '@facet/testing';
import { describe, expect, it, vi } from 'vitest';
import { downstreamOf, listOf } from '../../test/downstream.fixtures.js';
import { NewRoom, RoomChange } from './room.view.js';
import { createRoom, deleteRoom, getRoom, listRooms, updateRoom } from './rooms.js';

const roomId = idOf(1);
const self = `/api/v1/rooms/${roomId}`;

describe('a room', () => {
  it('has exactly what was promised', async () => {
    const room = await getRoom(downstreamOf({ rooms: { getRoom: async () => ({ room: aRoom() }) } }), { roomId }, contextOf('alice'));

    expect(room).toEqual({
      id: roomId,
      name: 'general',
      type: 'public',
      topic: null,
      memberCount: 3,
      createdBy: userIds.alice,
      createdAt: aRoom().createdAt,
      updatedAt: aRoom().updatedAt,
      links: { self, members: `${self}/members`, messages: `${self}/messages` },
    });
  });

  it('has no name where it is direct', async () => {
    const direct = aRoom({ type: RoomType.ROOM_TYPE_DIRECT, name: '' });
    const room = await getRoom(downstreamOf({ rooms: { getRoom: async () => ({ room: direct }) } }), { roomId }, contextOf('alice'));
    expect(room).toMatchObject({ type: 'direct', name: null });
  });

  it('is a failed dependency rather than half a room where the service leaves something out', async () => {
    const rooms = { getRoom: async () => ({ room: aRoom({ createdAt: undefined }) }) };
    await expect(getRoom(downstreamOf({ rooms }), { roomId }, contextOf('alice'))).rejects.toMatchObject({ code: 'dependency-failed' });
  });

  it('is made with 201 and its place', async () => {
    const create = vi.fn(async () => ({ room: aRoom(), created: true }));
    const answer = await createRoom(
      downstreamOf({ rooms: { createRoom: create } }),
      { name: 'general', type: 'public', memberIds: [] },
      contextOf(),
    );

    expect(answer).toMatchObject({ status: 201, headers: { location: self }, body: { id: roomId } });
    expect(create).toHaveBeenCalledWith({ name: 'general', type: RoomType.ROOM_TYPE_PUBLIC, memberIds: [] }, expect.anything());
  });

  it('is found with 200 where the direct room exists', async () => {
    const rooms = { createRoom: async () => ({ room: aRoom(), created: false }) };
    expect(await createRoom(downstreamOf({ rooms }), { type: 'direct', memberIds: [userIds.bob] }, contextOf())).toMatchObject({
      status: 200,
    });
  });

  it('changes only what is present; null removes the topic', async () => {
    const update = vi.fn(async () => ({ room: aRoom() }));
    await updateRoom(downstreamOf({ rooms: { updateRoom: update } }), { roomId, topic: null }, contextOf());
    expect(update).toHaveBeenCalledWith({ roomId, name: undefined, topic: '' }, expect.anything());
  });

  it('ends', async () => {
    const remove = vi.fn(async () => ({}));
    await deleteRoom(downstreamOf({ rooms: { deleteRoom: remove } }), { roomId }, contextOf());
    expect(remove).toHaveBeenCalledWith({ roomId }, expect.anything());
  });

  it.each([
    ['a name that is missing', NewRoom, { type: 'public' }],
    ['a name for a direct room', NewRoom, { type: 'direct', name: 'x', memberIds: [userIds.bob] }],
    ['a direct room with nobody', NewRoom, { type: 'direct' }],
    ['an empty name', RoomChange, { name: '' }],
    ['a topic of 251 characters', RoomChange, { topic: 'x'.repeat(251) }],
  ])('refuses %s', (_, schema, body) => {
    expect(schema.safeParse(body).success).toBe(false);
  });
});

describe('the list of rooms', () => {
  it.each([
    ['asc', RoomOrder.ROOM_ORDER_ID_ASC],
    ['desc', RoomOrder.ROOM_ORDER_ID_DESC],
  ] as const)('comes by id, %s, and goes on behind the last', async (order, expected) => {
    const list = vi.fn(async () => ({ rooms: [aRoom({ id: idOf(4) }), aRoom({ id: idOf(5) })], more: true }));
    const downstream = downstreamOf({ rooms: { listRooms: list } });

    const { body } = await listRooms(downstream, {}, listOf({ order, limit: 2 }), contextOf());
    await listRooms(downstream, {}, listOf({ order, limit: 2, cursor: body.page.next ?? '' }), contextOf());

    expect(body.data.map(({ id }) => id)).toEqual([idOf(4), idOf(5)]);
    expect(list).toHaveBeenLastCalledWith({ memberId: undefined, order: expected, pageSize: 2, after: idOf(5) }, expect.anything());
  });

  it('is a problem and no empty list without rooms-service', async () => {
    const list = async () => {
      throw new DownstreamError('rooms', 'unavailable');
    };
    await expect(listRooms(downstreamOf({ rooms: { listRooms: list } }), {}, listOf(), contextOf())).rejects.toMatchObject({
      code: 'dependency-unavailable',
    });
  });
});
