import { authorize, hasRole } from '@facet/auth';
import type { Caller } from '@facet/context';
import type { ListMessagesResponse } from '@facet/contracts/messages';
import { within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { outcomeOf, type BatchContext, type BatchItem } from '@facet/service-kit';
import { requireVisible } from '../message-policy.js';
import { toMessage } from '../store/messages.js';
import { selectPages, type Page, type PageRow, type Shape } from '../store/pages.js';
import type { Db } from '../store/tables.js';
import { findRooms } from './find-rooms.js';
import type { ListMessages } from './requests.js';
import { toWireMessage } from './to-message.js';

type Item = BatchItem<ListMessages>;
type Outcome = ListMessagesResponse | ProblemError;

export async function listMessages(db: Db, items: readonly Item[], context: BatchContext): Promise<Outcome[]> {
  const refusals = await refuse(db, items, context);

  const allowed = items.filter((_, at) => !refusals.has(at));
  const pages = await readPages(db, allowed, context);

  return items.map((item, at) => refusals.get(at) ?? toResponse(item, pages.get(item) ?? []));
}

/** Which items are refused, by position. An author's messages may be asked for by everybody: those that one may not see are not among them. */
async function refuse(db: Db, items: readonly Item[], context: BatchContext): Promise<Map<number, ProblemError>> {
  const outcomes = items.map(({ caller }) => outcomeOf(() => authorize(caller, 'message:read')));
  const ofRoom = items.flatMap(({ caller, request: { of } }, at) =>
    of.$case === 'roomId' && !outcomes[at] ? [{ at, caller, roomId: of.value }] : [],
  );

  const rooms = await findRooms(db, ofRoom, context);
  ofRoom.forEach(({ at, caller }, index) => {
    const outcome = outcomeOf(() => requireVisible(rooms[index], caller, 'room'));
    if (outcome instanceof ProblemError) outcomes[at] = outcome;
  });
  return new Map(outcomes.flatMap((outcome, at) => (outcome ? [[at, outcome] as const] : [])));
}

/** One statement for each of the four shapes that is asked for. */
async function readPages(db: Db, items: readonly Item[], context: BatchContext): Promise<Map<Item, PageRow[]>> {
  const shapes = Map.groupBy(items, ({ request }) => `${request.of.$case} ${request.ascending}`);
  const read = [...shapes.values()].map(async (alike) => {
    const { rows } = await selectPages(shapeOf(alike[0]!.request), alike.map(toPage)).execute(db, within(context));
    return rows.map((row) => ({ item: alike[row.page]!, row }));
  });
  const rows = (await Promise.all(read)).flat();
  return new Map([...Map.groupBy(rows, ({ item }) => item)].map(([item, onPage]) => [item, onPage.map(({ row }) => row)]));
}

function shapeOf({ of, ascending }: ListMessages): Shape {
  return { by: of.$case === 'roomId' ? 'room' : 'author', ascending };
}

function toPage({ caller, request: { of, after, pageSize } }: Item): Page {
  return { of: of.value, after, size: pageSize, viewer: caller.subject, seesPrivate: seesPrivate(caller) };
}

function seesPrivate(caller: Caller): boolean {
  return hasRole(caller, 'admin');
}

function toResponse({ request: { pageSize } }: Item, rows: readonly PageRow[]): ListMessagesResponse {
  return {
    messages: rows.slice(0, pageSize).map((row) => toWireMessage(toMessage(row), row.mine)),
    more: rows.length > pageSize,
  };
}
