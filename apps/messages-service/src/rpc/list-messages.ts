import { authorize } from '@facet/auth';
import type { ListMessagesResponse } from '@facet/contracts/messages';
import { within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { awaitAccess, sightOf } from '@facet/memberships';
import { outcomeOf, type BatchContext, type BatchItem } from '@facet/service-kit';
import { requireVisible } from '../message-policy.js';
import { toMessage } from '../store/messages.js';
import { selectPages, type Page, type PageRow, type Shape } from '../store/pages.js';
import type { Db } from '../store/tables.js';
import type { ListMessages } from './requests.js';
import { toWireMessage } from './to-message.js';

/** A call, and its place in the batch. */
type Item = BatchItem<ListMessages> & { readonly at: number };
type Outcome = ListMessagesResponse | ProblemError;

export async function listMessages(db: Db, batch: readonly BatchItem<ListMessages>[], context: BatchContext): Promise<Outcome[]> {
  const items = batch.map((item, at) => ({ ...item, at }));
  const refusals = await refuse(db, items, context);

  const allowed = items.filter(({ at }) => !refusals.has(at));
  const pages = await readPages(db, allowed, context);

  return items.map(({ request, at }) => refusals.get(at) ?? toResponse(request, pages.get(at) ?? []));
}

/** Which items are refused, by place. An author's messages may be asked for by everybody: those that one may not see are not among them. */
async function refuse(db: Db, items: readonly Item[], context: BatchContext): Promise<Map<number, ProblemError>> {
  const refusals = new Map<number, ProblemError>();
  const check = ({ at }: Item, passes: () => unknown) => {
    const outcome = outcomeOf(passes);
    if (outcome instanceof ProblemError) refusals.set(at, outcome);
  };

  items.forEach((item) => check(item, () => authorize(item.caller, 'message:read')));
  const ofRooms = items.filter(({ request, at }) => request.of.$case === 'roomId' && !refusals.has(at));
  const rooms = await awaitAccess(
    db,
    ofRooms.map(({ caller, request }) => ({ caller, roomId: request.of.value })),
    context,
  );
  ofRooms.forEach((item, index) => check(item, () => requireVisible(rooms[index], item.caller, 'room')));
  return refusals;
}

/** Rows by place. One statement for each of the four shapes that is asked for. */
async function readPages(db: Db, items: readonly Item[], context: BatchContext): Promise<Map<number, PageRow[]>> {
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
