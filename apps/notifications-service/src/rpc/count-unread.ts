import { authorize } from '@facet/auth';
import type { CountUnreadResponse } from '@facet/contracts/notifications';
import { within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { awaitAccess, sightOf } from '@facet/memberships';
import { outcomeOf, type BatchContext, type BatchItem } from '@facet/service-kit';
import { requireCountable, requireVisible } from '../notification-policy.js';
import type { Db } from '../store/tables.js';
import { countInAll, countInRooms } from '../store/unread.js';
import type { CountUnread } from './requests.js';

/** A call, and its place in the batch. */
type Item = BatchItem<CountUnread> & { readonly at: number };
type Outcome = CountUnreadResponse | ProblemError;

export async function countUnread(db: Db, batch: readonly BatchItem<CountUnread>[], context: BatchContext): Promise<Outcome[]> {
  const items = batch.map((item, at) => ({ ...item, at }));
  const refusals = await refuse(db, items, context);

  const allowed = items.filter(({ at }) => !refusals.has(at));
  const counts = await count(db, allowed, context);

  return items.map(({ at }) => refusals.get(at) ?? { count: counts.get(at) ?? 0 });
}

/** Which items are refused, by place. A room that one may not see comes first: nobody learns by being forbidden that it exists. */
async function refuse(db: Db, items: readonly Item[], context: BatchContext): Promise<Map<number, ProblemError>> {
  const refusals = new Map<number, ProblemError>();
  const check = ({ at }: Item, passes: () => unknown) => {
    const outcome = refusals.get(at) ?? outcomeOf(passes);
    if (outcome instanceof ProblemError) refusals.set(at, outcome);
  };

  items.forEach((item) => check(item, () => authorize(item.caller, 'notification:read')));
  const ofRooms = items.filter(({ request, at }) => request.roomId && !refusals.has(at));
  const rooms = await awaitAccess(
    db,
    ofRooms.map(({ caller, request }) => ({ caller, roomId: request.roomId! })),
    context,
  );
  ofRooms.forEach((item, index) => check(item, () => requireVisible(rooms[index], item.caller)));
  items.forEach((item) => check(item, () => requireCountable(userOf(item), item.caller)));
  return refusals;
}

/** Counts by place; who is no member has none. One statement for the rooms, one for the totals. */
async function count(db: Db, items: readonly Item[], context: BatchContext): Promise<Map<number, number>> {
  const ofRooms = items.filter(({ request }) => request.roomId);
  const ofAll = items.filter(({ request }) => !request.roomId);
  const inRooms = countInRooms(ofRooms.map((item) => ({ roomId: item.request.roomId!, userId: userOf(item) })));
  const inAll = countInAll(ofAll.map((item) => ({ userId: userOf(item), viewer: item.caller.subject, sight: sightOf(item.caller) })));

  const [rooms, all] = await Promise.all([
    ofRooms.length === 0 ? undefined : inRooms.execute(db, within(context)),
    ofAll.length === 0 ? undefined : inAll.execute(db, within(context)),
  ]);
  return new Map([
    ...(rooms?.rows ?? []).map(({ item, count }) => [ofRooms[item]!.at, count] as const),
    ...(all?.rows ?? []).map(({ item, count }) => [ofAll[item]!.at, count] as const),
  ]);
}

function userOf({ caller, request }: Item): string {
  return request.userId ?? caller.subject;
}
