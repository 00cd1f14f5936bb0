import type { Caller, RequestContext } from '@facet/context';
import { within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { answerAllowed, type BatchContext, type BatchItem } from '@facet/service-kit';
import { canSee, noSuchRoom } from '../room-policy.js';
import { lockRoom, selectRooms } from '../store/rooms.js';
import type { Db, SeenRoom, Tx } from '../store/tables.js';

/** By position: the room that the item is about, or why its caller does not get it. One statement for all. */
export async function findVisibleRooms<Item extends BatchItem<{ roomId: string }>>(
  db: Db,
  items: readonly Item[],
  authorize: (item: Item) => void,
  context: BatchContext,
): Promise<(SeenRoom | ProblemError)[]> {
  return await answerAllowed(items, authorize, async (allowed) => {
    const sights = allowed.map(({ caller, request }) => ({ viewerId: caller.subject, roomId: request.roomId }));
    const { rows } = await selectRooms(sights).execute(db, within(context));
    const rooms = new Map(rows.map((room) => [room.at, room]));
    return allowed.map(({ caller }, at) => {
      const room = rooms.get(at);
      return room && canSee(room, caller) ? room : noSuchRoom();
    });
  });
}

/** The room as the caller sees it, held back from everybody else's changes until the transaction ends. */
export async function lockVisibleRoom(tx: Tx, roomId: string, context: RequestContext): Promise<SeenRoom> {
  await lockRoom(tx, roomId).execute(within(context));
  const room = await findRoom(tx, roomId, context);
  if (!room || !canSee(room, context.caller)) throw noSuchRoom();
  return room;
}

/** A room that the caller has just changed. */
export async function findChangedRoom(tx: Tx, roomId: string, context: RequestContext): Promise<SeenRoom> {
  const room = await findRoom(tx, roomId, context);
  if (!room) throw new Error(`Room ${roomId} is gone within the transaction that changed it`);
  return room;
}

async function findRoom(tx: Tx, roomId: string, context: RequestContext): Promise<SeenRoom | undefined> {
  const { rows } = await selectRooms([{ viewerId: subjectOf(context), roomId }]).execute(tx, within(context));
  return rows[0];
}

const subjectOf = ({ caller }: { caller: Caller }) => caller.subject;
