import { authorize, sightOf } from '@facet/auth';
import type { Caller } from '@facet/context';
import type { ListRoomsResponse } from '@facet/contracts/rooms';
import { within } from '@facet/database';
import { answerAllowed, type BatchContext, type BatchItem } from '@facet/service-kit';
import { startOf } from '../store/keyset.js';
import { selectJoinable, selectOfMember, selectVisible, type PageOrder, type RoomPage } from '../store/room-lists.js';
import type { FoundRoom } from '../store/rooms.js';
import type { Db } from '../store/tables.js';
import type { ListRooms } from './requests.js';
import { toRoom } from './to-room.js';

const selects = { visible: selectVisible, joinable: selectJoinable, 'of member': selectOfMember };

/** Pages of the same kind and order are one statement. */
interface Shape {
  readonly kind: keyof typeof selects;
  readonly order: PageOrder;
  readonly at: number[];
}

export async function listRooms(db: Db, items: readonly BatchItem<ListRooms>[], context: BatchContext) {
  return await answerAllowed(
    items,
    ({ caller }) => authorize(caller, 'room:list'),
    (allowed) => listAllowed(db, allowed, context),
  );
}

async function listAllowed(db: Db, items: readonly BatchItem<ListRooms>[], context: BatchContext): Promise<ListRoomsResponse[]> {
  const pages = new Map<number, FoundRoom[]>();
  await Promise.all(
    shapesOf(items).map(async ({ kind, order, at }) => {
      const asked = at.map((each) => toPage(items[each]!, order));
      const { rows } = await selects[kind](asked, order).execute(db, within(context));
      for (const [index, each] of at.entries())
        pages.set(
          each,
          rows.filter((room) => room.at === index),
        );
    }),
  );

  return items.map(({ request }, at) => answer(pages.get(at) ?? [], request.pageSize));
}

function shapesOf(items: readonly BatchItem<ListRooms>[]): Shape[] {
  const shapes = new Map<string, Shape>();
  for (const [at, { request }] of items.entries()) {
    const kind = request.joinable ? 'joinable' : request.memberId ? 'of member' : 'visible';
    const name = `${kind} ${request.order}`;
    const shape = shapes.get(name) ?? { kind, order: request.order, at: [] };
    shapes.set(name, shape);
    shape.at.push(at);
  }
  return [...shapes.values()];
}

/** One room more than asked for tells whether there are others beyond. */
function toPage({ caller, request }: { caller: Caller; request: ListRooms }, order: PageOrder): RoomPage {
  return {
    viewerId: caller.subject,
    sight: sightOf(caller),
    memberId: request.memberId,
    after: startOf(request.after, { descending: order !== 'ascending' }),
    limit: request.pageSize + 1,
  };
}

function answer(rooms: readonly FoundRoom[], pageSize: number): ListRoomsResponse {
  return { rooms: rooms.slice(0, pageSize).map(toRoom), more: rooms.length > pageSize };
}
