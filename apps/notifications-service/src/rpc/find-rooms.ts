import type { Caller } from '@facet/context';
import { within, type Ending } from '@facet/database';
import { eventually } from '@facet/events';
import { canSee, findAccess, type RoomAccess } from '@facet/memberships';
import type { Db } from '../store/tables.js';

export interface Visit {
  readonly roomId: string;
  readonly caller: Caller;
}

/**
 * How callers stand to rooms, by position. The picture of rooms and members follows rooms-service by events, so whoever is refused is looked up again
 * for a moment, all together. It takes half of the time at most, since in a batch the others wait as well.
 */
export async function findRooms(
  db: Db,
  visits: readonly Visit[],
  context: Ending,
  admitted: (room: RoomAccess | undefined, caller: Caller) => boolean = canSee,
): Promise<(RoomAccess | undefined)[]> {
  if (visits.length === 0) return [];
  const pairs = visits.map(({ roomId, caller }) => ({ roomId, userId: caller.subject }));
  let rooms: (RoomAccess | undefined)[] = [];
  const lookUp = async () => {
    rooms = await findAccess(db, pairs, within(context));
    return rooms.every((room, at) => admitted(room, visits[at]!.caller)) || undefined;
  };
  await eventually(lookUp, { signal: context.signal, deadline: (Date.now() + context.deadline) / 2 });
  return rooms;
}
