import { authorize, refuseEarly, sightOf, type RuleName } from '@facet/auth';
import type { CountUnreadResponse } from '@facet/contracts/notifications';
import { within } from '@facet/database';
import type { ProblemError } from '@facet/errors';
import { answerVisitors, type RoomAccess } from '@facet/memberships';
import { answerAllowed, outcomeOf, type BatchContext, type BatchItem, type BatchOutcome } from '@facet/service-kit';
import type { Db } from '../store/tables.js';
import { countInAll, countInRooms } from '../store/unread.js';
import type { CountUnread } from './requests.js';

type Item = BatchItem<CountUnread>;
/** A call, and its place among the others. */
type PlacedItem = Item & { readonly at: number };
type Rooms = readonly (RoomAccess | undefined)[];

export async function countUnread(db: Db, items: readonly Item[], context: BatchContext): Promise<BatchOutcome<CountUnreadResponse>[]> {
  return await answerAllowed(
    items,
    (item) => refuseEarly(item.caller, ruleOf(item)),
    (allowed) => answerVisitors(db, allowed, roomOf, context, (items, rooms) => countAllowed(db, items, rooms, context)),
  );
}

function roomOf({ request }: Item): string | undefined {
  return request.roomId;
}

async function countAllowed(
  db: Db,
  items: readonly Item[],
  rooms: Rooms,
  context: BatchContext,
): Promise<(CountUnreadResponse | ProblemError)[]> {
  const refusals = items.map((item, at) =>
    outcomeOf(() => authorize(item.caller, ruleOf(item), { room: rooms[at], userId: userOf(item) })),
  );
  const allowed = items.map((item, at) => ({ ...item, at })).filter(({ at }) => !refusals[at]);

  const counts = await count(db, allowed, context);

  return items.map((_, at) => refusals[at] ?? { count: counts.get(at) ?? 0 });
}

function ruleOf(item: Item): RuleName {
  return roomOf(item) === undefined ? 'unread:count' : 'unread:count-in-room';
}

/** Counts by place; who is no member has none. One statement for the rooms, one for the totals. */
async function count(db: Db, items: readonly PlacedItem[], context: BatchContext): Promise<Map<number, number>> {
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
