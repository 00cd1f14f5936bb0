import { authorize, refuseEarly } from '@facet/auth';
import type { CountOnlineResponse } from '@facet/contracts/presence';
import { within } from '@facet/database';
import type { ProblemError } from '@facet/errors';
import { answerVisitors, type RoomAccess } from '@facet/memberships';
import { answerAllowed, outcomeOf, type BatchContext, type BatchItem, type BatchOutcome } from '@facet/service-kit';
import type { Clock } from '../clock.js';
import { selectOnline } from '../store/leases.js';
import type { Db } from '../store/tables.js';
import type { OneRoom } from './requests.js';

type Item = BatchItem<OneRoom>;

export async function countOnline(
  db: Db,
  clock: Clock,
  items: readonly Item[],
  context: BatchContext,
): Promise<BatchOutcome<CountOnlineResponse>[]> {
  return await answerAllowed(
    items,
    ({ caller }) => refuseEarly(caller, 'presence:count'),
    (allowed) => answerVisitors(db, allowed, roomOf, context, (items, rooms) => countVisible(db, clock, items, rooms, context)),
  );
}

function roomOf({ request }: Item): string {
  return request.roomId;
}

async function countVisible(
  db: Db,
  clock: Clock,
  items: readonly Item[],
  rooms: readonly (RoomAccess | undefined)[],
  context: BatchContext,
): Promise<(CountOnlineResponse | ProblemError)[]> {
  const refusals = items.map(({ caller }, at) => outcomeOf(() => authorize(caller, 'presence:count', { room: rooms[at] })));
  const visible = items.flatMap((item, at) => (refusals[at] ? [] : [roomOf(item)]));

  const counts = await countIn(db, [...new Set(visible)], clock.now(), context);
  return items.map((item, at) => refusals[at] ?? { count: counts.get(roomOf(item)) ?? 0 });
}

async function countIn(db: Db, roomIds: readonly string[], now: Date, context: BatchContext): Promise<Map<string, number>> {
  if (roomIds.length === 0) return new Map();
  const { rows } = await selectOnline(roomIds, now).execute(db, within(context));
  return new Map(rows.map(({ room_id, count }) => [room_id, count]));
}
