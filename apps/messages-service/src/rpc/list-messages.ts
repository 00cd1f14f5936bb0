import { authorize, refuseEarly, sightOf } from '@facet/auth';
import type { ListMessagesResponse } from '@facet/contracts/messages';
import { within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { answerVisitors, type RoomAccess } from '@facet/memberships';
import { answerAllowed, outcomeOf, type BatchContext, type BatchItem, type BatchOutcome } from '@facet/service-kit';
import { toMessage } from '../store/messages.js';
import { selectPages, type Page, type PageRow, type Shape } from '../store/pages.js';
import type { Db } from '../store/tables.js';
import type { ListMessages } from './requests.js';
import { toWireMessage } from './to-message.js';

type Item = BatchItem<ListMessages>;
/** A call, and its place among the others. */
type PlacedItem = Item & { readonly at: number };
type Rooms = readonly (RoomAccess | undefined)[];

export async function listMessages(db: Db, items: readonly Item[], context: BatchContext): Promise<BatchOutcome<ListMessagesResponse>[]> {
  return await answerAllowed(
    items,
    ({ caller }) => refuseEarly(caller, 'message:list'),
    (allowed) => answerVisitors(db, allowed, roomOf, context, (items, rooms) => listVisible(db, items, rooms, context)),
  );
}

/** An author's messages may be asked for by everybody: those that one may not see are not among them. */
function roomOf({ request: { of } }: Item): string | undefined {
  return of.$case === 'roomId' ? of.value : undefined;
}

async function listVisible(
  db: Db,
  items: readonly Item[],
  rooms: Rooms,
  context: BatchContext,
): Promise<(ListMessagesResponse | ProblemError)[]> {
  const verdicts = items.map((item, at) =>
    outcomeOf(() => (roomOf(item) === undefined ? undefined : authorize(item.caller, 'message:list-in-room', { room: rooms[at] }))),
  );
  const visible = items.map((item, at) => ({ ...item, at })).filter(({ at }) => !(verdicts[at] instanceof ProblemError));

  const pages = await readPages(db, visible, context);

  return items.map(({ request }, at) => {
    const verdict = verdicts[at];
    return verdict instanceof ProblemError ? verdict : toResponse(request, pages.get(at) ?? []);
  });
}

/** Rows by place. One statement for each of the four shapes that is asked for. */
async function readPages(db: Db, items: readonly PlacedItem[], context: BatchContext): Promise<Map<number, PageRow[]>> {
  const shapes = Map.groupBy(items, ({ request }) => `${request.of.$case} ${request.ascending}`);
  const read = [...shapes.values()].map(async (alike) => {
    const { rows } = await selectPages(shapeOf(alike[0]!.request), alike.map(toPage)).execute(db, within(context));
    return [...Map.groupBy(rows, ({ page }) => page)].map(([page, onPage]) => [alike[page]!.at, onPage] as const);
  });
  return new Map((await Promise.all(read)).flat());
}

function shapeOf({ of, ascending }: ListMessages): Shape {
  return { by: of.$case === 'roomId' ? 'room' : 'author', ascending };
}

function toPage({ caller, request: { of, after, pageSize } }: Item): Page {
  return { of: of.value, after, size: pageSize, viewer: caller.subject, sight: sightOf(caller) };
}

function toResponse({ pageSize }: ListMessages, rows: readonly PageRow[]): ListMessagesResponse {
  return {
    messages: rows.slice(0, pageSize).map((row) => toWireMessage(toMessage(row), row.mine)),
    more: rows.length > pageSize,
  };
}
