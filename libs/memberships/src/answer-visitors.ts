import type { Caller } from '@facet/context';
import { within, type Lifetime } from '@facet/database';
import type { Kysely } from 'kysely';
import { awaitAccess, userOf, type Visit } from './await-access.js';
import type { MembershipTables } from './membership-tables.js';
import { canSee, findAccess, type RoomAccess } from './room-access.js';

/** In company, one who would be refused is looked up again for so long. */
const inCompanyMs = 30;

/** AnswerItems: how items are answered, by position, once it is known what their callers are to the rooms they name. */
export type AnswerItems<Item, Answer> = (items: readonly Item[], rooms: readonly (RoomAccess | undefined)[]) => Promise<readonly Answer[]>;

/**
 * answerVisitors: answers the items of a batch that are about rooms (`roomOf`; an item may also be about none). Who sees their room at first sight is answered at
 * once, together. Who would be refused because the read model may be behind is looked up again meanwhile, and answered later, together: that is a promise at the
 * item's position.
 *
 * One message carries all answers, so the batch still leaves with its last one. Therefore the wait depends on the company: where nobody has been answered, it
 * harms nobody and lasts as long as that of a single call (700 ms, half of the time that is left at most), so that who has just made a room finds it. Where others
 * are ready it is 30 ms: several times what an event takes on its way here, and the most that somebody who asks for rooms that are not there can cost his neighbours.
 */
export async function answerVisitors<Tables extends MembershipTables, Item extends { readonly caller: Caller }, Answer>(
  db: Kysely<Tables>,
  items: readonly Item[],
  roomOf: (item: Item) => string | undefined,
  context: Lifetime,
  answer: AnswerItems<Item, Answer>,
): Promise<readonly (Answer | Promise<Answer>)[]> {
  const visits = items.flatMap((item, at) => visitOf(item, roomOf(item), at));
  const found = await findAccess(db, visits.map(userOf), within(context));
  const rooms = items.map((): RoomAccess | undefined => undefined);
  for (const [index, { at }] of visits.entries()) rooms[at] = found[index];

  const waiting = visits.filter(({ at, caller }) => !canSee(rooms[at], caller));
  if (waiting.length === 0) return answer(items, rooms);
  const waits = new Set(waiting.map(({ at }) => at));
  const ready = [...items.keys()].filter((at) => !waits.has(at));

  const pick = <Value>(values: readonly Value[], positions: readonly number[]) => positions.map((at) => values[at]!);
  const soon = ready.length === 0 ? Promise.resolve<readonly Answer[]>([]) : answer(pick(items, ready), pick(rooms, ready));
  const patience = { atMostMs: ready.length === 0 ? Infinity : inCompanyMs };
  const later = awaitAccess(db, waiting, context, patience).then((seen) => answer(pick(items, [...waits]), seen));

  const answers = new Array<Promise<Answer>>(items.length);
  for (const [index, at] of ready.entries()) answers[at] = soon.then((given) => given[index]!);
  for (const [index, { at }] of waiting.entries()) answers[at] = later.then((given) => given[index]!);
  return answers;
}

function visitOf({ caller }: { readonly caller: Caller }, roomId: string | undefined, at: number): (Visit & { readonly at: number })[] {
  return roomId === undefined ? [] : [{ roomId, caller, at }];
}
