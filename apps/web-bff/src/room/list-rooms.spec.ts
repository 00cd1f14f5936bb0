import { Member, Room, RoomOrder } from '@facet/contracts/rooms';
import { Cursors } from '@facet/edge';
import { contextOf, userIds } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import type { Downstream } from '../downstream.js';
import type { Page } from '../graphql/connection.js';
import { listMembers } from './list-members.js';
import { listRooms, listRoomsOf } from './list-rooms.js';

const cursors = new Cursors(new Uint8Array(32));

/** Rooms 9 to 1, newest first, as the service pages them. */
function roomsService() {
  const asked: object[] = [];
  const rooms = {
    listRooms: ({ pageSize, after = '10', ...rest }: { pageSize: number; after?: string }) => {
      asked.push(rest);
      const all = Array.from({ length: 9 }, (_, at) => Room.fromPartial({ id: String(9 - at) })).filter(
        ({ id }) => Number(id) < Number(after),
      );
      return Promise.resolve({ rooms: all.slice(0, Math.min(pageSize, 4)), more: all.length > Math.min(pageSize, 4) });
    },
    listMembers: ({ after = '0' }: { after?: string }) =>
      Promise.resolve({ members: [Member.fromPartial({ userId: String(Number(after) + 1) })], more: Number(after) < 2 }),
  };
  return { downstream: { rooms: rooms as unknown as Downstream['rooms'] } as Downstream, asked };
}

describe('listRooms', () => {
  it('pages newest first, without loss or repeat, by cursors of its own', async () => {
    const { downstream, asked } = roomsService();
    const seen: string[] = [];
    let page: Page = { first: 4, after: undefined };
    for (;;) {
      const { edges, pageInfo } = await listRooms({ downstream, cursors }, page, contextOf());
      seen.push(...edges.map(({ node }) => node.id));
      expect(pageInfo.hasPreviousPage).toBe(page.after !== undefined);
      if (!pageInfo.hasNextPage) break;
      expect(pageInfo.endCursor()).toBe(edges.at(-1)?.cursor());
      page = { first: 4, after: pageInfo.endCursor() };
    }
    expect(seen).toEqual(['9', '8', '7', '6', '5', '4', '3', '2', '1']);
    expect(asked[0]).toEqual({ order: RoomOrder.ROOM_ORDER_ID_DESC });
  });

  it('refuses a cursor that it did not make, and one of another list', async () => {
    const { downstream } = roomsService();
    const foreign = cursors.seal('5', 'notifications of somebody');
    await expect(listRooms({ downstream, cursors }, { first: 1, after: 'NQ' }, contextOf())).rejects.toMatchObject({
      code: 'invalid-request',
    });
    await expect(listRooms({ downstream, cursors }, { first: 1, after: foreign }, contextOf())).rejects.toMatchObject({
      code: 'invalid-request',
    });
  });
});

describe('listRoomsOf', () => {
  it('gives all rooms of somebody, however many pages they fill', async () => {
    const { downstream, asked } = roomsService();
    expect(await listRoomsOf(downstream, userIds.bob, contextOf())).toHaveLength(9);
    expect(asked).toEqual(Array(3).fill({ memberId: userIds.bob, order: RoomOrder.ROOM_ORDER_ID_DESC }));
  });
});

describe('listMembers', () => {
  it('gives all members by id, without a look at their profiles', async () => {
    expect(await listMembers(roomsService().downstream, 'room', contextOf())).toEqual([{ id: '1' }, { id: '2' }, { id: '3' }]);
  });
});
