import { RoomOrder } from '@facet/contracts/rooms';
import { aRoom, contextOf, idOf } from '@facet/testing';
import { describe, expect, it, vi } from 'vitest';
import { cursors, downstreamOf, roomId } from '../../test/downstream.fixtures.js';
import { joinRoom, leaveRoom } from '../membership/memberships.js';
import { discoverRooms } from './discover-rooms.js';

describe('discovering', () => {
  it('shows public rooms that one has not joined, page after page', async () => {
    const listRooms = vi.fn(async () => ({ rooms: [aRoom({ id: idOf(3), name: 'cooking', memberCount: 12 })], more: true }));
    const downstream = downstreamOf({ rooms: { listRooms } });

    const { rooms, next } = await discoverRooms(downstream, cursors, {}, contextOf('dave'));
    await discoverRooms(downstream, cursors, { before: next ?? '' }, contextOf('dave'));

    expect(rooms).toEqual([{ id: idOf(3), name: 'cooking', topic: null, members: 12 }]);
    expect(listRooms).toHaveBeenLastCalledWith(
      { joinable: true, order: RoomOrder.ROOM_ORDER_ID_DESC, pageSize: 20, after: idOf(3) },
      expect.anything(),
    );
  });

  it('leads to joining and leaving', async () => {
    const join = vi.fn(async () => ({ room: aRoom() }));
    const leave = vi.fn(async () => ({}));
    const downstream = downstreamOf({ rooms: { joinRoom: join, leaveRoom: leave } });

    await joinRoom(downstream, { roomId }, contextOf('dave'));
    await leaveRoom(downstream, { roomId }, contextOf('dave'));

    expect(join).toHaveBeenCalledWith({ roomId }, expect.anything());
    expect(leave).toHaveBeenCalledWith({ roomId }, expect.anything());
  });
});
