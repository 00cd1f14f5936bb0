import { within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { eventually } from '@facet/events';
import { findAccess, type RoomAccess } from '@facet/memberships';
import type { BatchContext } from '@facet/service-kit';
import type { Db } from '../store/tables.js';

type Pair = Parameters<typeof findAccess>[1][number];

/**
 * By position, what these users are in these rooms. Our picture of the rooms may be a moment behind: a room that we do not know is asked for again,
 * for at most a third of the time that is left, so that its neighbours in a batch are still answered.
 */
export async function findRooms(
  db: Db,
  pairs: readonly Pair[],
  context: Pick<BatchContext, 'deadline' | 'signal' | 'remainingMs'>,
): Promise<readonly (RoomAccess | undefined)[]> {
  if (pairs.length === 0) return [];
  const patience = { deadline: Date.now() + context.remainingMs() / 3, signal: context.signal };
  let rooms: readonly (RoomAccess | undefined)[] = [];
  await eventually(async () => {
    rooms = await findAccess(db, pairs, within(context));
    return rooms.every(Boolean) || undefined;
  }, patience);
  return rooms;
}

export function noSuchRoom(): ProblemError {
  return new ProblemError('not-found', { detail: 'There is no such room.' });
}
