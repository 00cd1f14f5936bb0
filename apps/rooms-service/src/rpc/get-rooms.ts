import type { GetRoomResponse } from '@facet/contracts/rooms';
import { ProblemError } from '@facet/errors';
import type { BatchContext, BatchItem } from '@facet/service-kit';
import { findVisibleRooms } from './find-visible-rooms.js';
import type { Db } from '../store/tables.js';
import type { OneRoom } from './requests.js';
import { toRoom } from './to-room.js';

export async function getRooms(db: Db, items: readonly BatchItem<OneRoom>[], context: BatchContext) {
  const rooms = await findVisibleRooms(db, items, context);

  return rooms.map((room): GetRoomResponse | ProblemError => (room instanceof ProblemError ? room : { room: toRoom(room) }));
}
