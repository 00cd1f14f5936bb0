import { refuseEarly, type RuleName } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import { within } from '@facet/database';
import type { ProblemError } from '@facet/errors';
import { answerAllowed, outcomeOf, type BatchContext, type BatchItem } from '@facet/service-kit';
import { allowedRoom } from '../room-policy.js';
import { lockRoom, selectRooms } from '../store/rooms.js';
import type { Db, SeenRoom, Tx } from '../store/tables.js';

/** By position: the room that the item is about, or why its caller does not get it. One statement for all. */
export async function findVisibleRooms<Item extends BatchItem<{ roomId: string }>>(
  db: Db,
  items: readonly Item[],
  context: BatchContext,
): Promise<(SeenRoom | ProblemError)[]> {
  return await answerAllowed(
    items,
    ({ caller }) => refuseEarly(caller, 'room:read'),
    async (allowed) => {
      const sights = allowed.map(({ caller, request }) => ({ viewerId: caller.subject, roomId: request.roomId }));
      const { rows } = await selectRooms(sights).execute(db, within(context));
      const rooms = new Map(rows.map((room) => [room.at, room]));
      return allowed.map(({ caller }, at) => outcomeOf((): SeenRoom => allowedRoom(rooms.get(at), caller, 'room:read')));
    },
  );
}

/** What is to be changed, and by which rule; `userId` is whom it is about. */
export interface RoomChange {
  readonly roomId: string;
  readonly rule: RuleName;
  readonly userId?: string;
}

/** The room as the caller sees it, who may change it so, held back from everybody else's changes until the transaction ends. */
export async function lockAllowedRoom(tx: Tx, { roomId, rule, userId }: RoomChange, context: RequestContext): Promise<SeenRoom> {
  await lockRoom(tx, roomId).execute(within(context));
  return allowedRoom(await findRoom(tx, roomId, context), context.caller, rule, userId);
}

/** A room that the caller has just changed. */
export async function findChangedRoom(tx: Tx, roomId: string, context: RequestContext): Promise<SeenRoom> {
  const room = await findRoom(tx, roomId, context);
  if (!room) throw new Error(`Room ${roomId} is gone within the transaction that changed it`);
  return room;
}

async function findRoom(tx: Tx, roomId: string, context: RequestContext): Promise<SeenRoom | undefined> {
  const { rows } = await selectRooms([{ viewerId: context.caller.subject, roomId }]).execute(tx, within(context));
  return rows[0];
}
