import type { RequestContext } from '@facet/context';
import { RoomOrder, type Room } from '@facet/contracts/rooms';
import type { Downstream } from '../downstream.js';
import { pageOf, type Page } from '../graphql/connection.js';
import { everyPage } from '../graphql/every-page.js';
import type { Sources } from '../graphql/sources.js';

const order = RoomOrder.ROOM_ORDER_ID_DESC;

export function listRooms({ downstream: { rooms }, cursors }: Sources, page: Page, context: RequestContext) {
  return pageOf<Room>({ cursors, list: 'rooms' }, page, async (request) => {
    const response = await rooms.listRooms({ order, ...request }, context);
    return { nodes: response.rooms, more: response.more };
  });
}

export function listRoomsOf({ rooms }: Pick<Downstream, 'rooms'>, memberId: string, context: RequestContext): Promise<readonly Room[]> {
  return everyPage(
    async (after) => {
      const response = await rooms.listRooms({ memberId, order, pageSize: 100, after }, context);
      return { rows: response.rooms, more: response.more };
    },
    ({ id }) => id,
  );
}
