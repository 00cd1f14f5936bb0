import { authorize } from '@facet/auth';
import type { CountOnlineResponse } from '@facet/contracts/presence';
import { within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { canSee } from '@facet/memberships';
import { outcomeOf, type BatchContext, type BatchItem } from '@facet/service-kit';
import type { Clock } from '../clock.js';
import { selectOnline } from '../store/leases.js';
import type { Db } from '../store/tables.js';
import { findRooms, noSuchRoom } from './find-rooms.js';
import type { OneRoom } from './requests.js';

export async function countOnline(db: Db, clock: Clock, items: readonly BatchItem<OneRoom>[], context: BatchContext) {
  const refusals = items.map(({ caller }) => outcomeOf(() => authorize(caller, 'room:read')));

  const allowed = [...items.keys()].filter((at) => !refusals[at]);
  const pairs = allowed.map((at) => ({ roomId: items[at]!.request.roomId, userId: items[at]!.caller.subject }));
  const rooms = new Map((await findRooms(db, pairs, context)).map((room, index) => [allowed[index]!, room]));
  const verdicts = items.map(({ caller, request }, at) => refusals[at] ?? (canSee(rooms.get(at), caller) ? request.roomId : noSuchRoom()));

  const visible = verdicts.filter((verdict) => typeof verdict === 'string');
  const counts = await countIn(db, [...new Set(visible)], clock.now(), context);
  return verdicts.map((verdict): CountOnlineResponse | ProblemError =>
    typeof verdict === 'string' ? { count: counts.get(verdict) ?? 0 } : verdict,
  );
}

async function countIn(db: Db, roomIds: readonly string[], now: Date, context: BatchContext): Promise<Map<string, number>> {
  if (roomIds.length === 0) return new Map();
  const { rows } = await selectOnline(roomIds, now).execute(db, within(context));
  return new Map(rows.map(({ room_id, count }) => [room_id, count]));
}
