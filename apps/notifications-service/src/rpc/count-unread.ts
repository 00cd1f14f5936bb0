import { authorize } from '@facet/auth';
import type { CountUnreadResponse } from '@facet/contracts/notifications';
import { within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { outcomeOf, type BatchContext, type BatchItem } from '@facet/service-kit';
import { requireCountable, requireVisible } from '../notification-policy.js';
import type { Db } from '../store/tables.js';
import { countInAll, countInRooms } from '../store/unread.js';
import { findRooms } from './find-rooms.js';
import type { CountUnread } from './requests.js';

type Item = BatchItem<CountUnread>;
type Outcome = CountUnreadResponse | ProblemError;

export async function countUnread(db: Db, items: readonly Item[], context: BatchContext): Promise<Outcome[]> {
  const refusals = await refuse(db, items, context);

  const allowed = items.filter((item) => !refusals.has(item));
  const counts = await count(db, allowed, context);

  return items.map((item) => refusals.get(item) ?? { count: counts.get(item) ?? 0 });
}

/** Which items are refused. A room that one may not see comes first: nobody learns by being forbidden that it exists. */
async function refuse(db: Db, items: readonly Item[], context: BatchContext): Promise<Map<Item, ProblemError>> {
  const refusals = new Map<Item, ProblemError>();
  const check = (item: Item, passes: () => unknown) => {
    const outcome = outcomeOf(passes);
    if (outcome instanceof ProblemError) refusals.set(item, outcome);
  };

  items.forEach((item) => check(item, () => authorize(item.caller, 'notification:read')));
  const visits = items.flatMap((item) =>
    item.request.roomId && !refusals.has(item) ? [{ item, caller: item.caller, roomId: item.request.roomId }] : [],
  );
  const rooms = await findRooms(db, visits, context);
  visits.forEach(({ item }, at) => check(item, () => requireVisible(rooms[at], item.caller)));
  items.forEach((item) => !refusals.has(item) && check(item, () => requireCountable(userOf(item), item.caller)));
  return refusals;
}

/** One statement for the rooms, one for the totals. */
async function count(db: Db, items: readonly Item[], context: BatchContext): Promise<Map<Item, number>> {
  const ofRoom = items.filter(({ request }) => request.roomId);
  const ofAll = items.filter(({ request }) => !request.roomId);
  const inRooms = countInRooms(ofRoom.map((item) => ({ roomId: item.request.roomId!, userId: userOf(item) })));
  const inAll = countInAll(ofAll.map((item) => ({ userId: userOf(item), viewer: item.caller.subject })));

  const [rooms, all] = await Promise.all([
    ofRoom.length === 0 ? undefined : inRooms.execute(db, within(context)),
    ofAll.length === 0 ? undefined : inAll.execute(db, within(context)),
  ]);
  return new Map([
    ...(rooms?.rows ?? []).map(({ item, count }) => [ofRoom[item]!, count] as const),
    ...(all?.rows ?? []).map(({ item, count }) => [ofAll[item]!, count] as const),
  ]);
}

function userOf({ caller, request }: Item): string {
  return request.userId ?? caller.subject;
}
