import type { RequestContext } from '@facet/context';
import { RoomOrder } from '@facet/contracts/rooms';
import type { Cursors } from '@facet/edge';
import type { Downstream } from '../downstream.js';
import type { Discover, DiscoverQuery } from './discover.view.js';

const list = 'discover';

/** Public rooms that the caller has not joined, newest first. Ordered by id, so that a page neither repeats nor skips while others talk and join. */
export async function discoverRooms(
  { rooms }: Downstream,
  cursors: Cursors,
  { before }: DiscoverQuery,
  context: RequestContext,
): Promise<Discover> {
  const after = before && cursors.open(before, list);
  const within = context.atMost(500);

  const { rooms: found, more } = await rooms.listRooms(
    { joinable: true, order: RoomOrder.ROOM_ORDER_ID_DESC, pageSize: 20, after },
    within,
  );

  const last = found.at(-1);
  return {
    rooms: found.map(({ id, name, topic, memberCount }) => ({ id, name, topic: topic ?? null, members: memberCount })),
    next: more && last ? cursors.seal(last.id, list) : null,
  };
}
