import type { RequestContext } from '@facet/context';
import type { DeleteRoomResponse } from '@facet/contracts/rooms';
import { within } from '@facet/database';
import { publish } from '@facet/events';
import { roomDeleted } from '../events/published.js';
import { authorizeRuling, authorizeTakingPart } from '../room-policy.js';
import { markDeleted } from '../store/rooms.js';
import type { Db } from '../store/tables.js';
import { lockVisibleRoom } from './find-visible-rooms.js';
import type { OneRoom } from './requests.js';

export async function deleteRoom(db: Db, { roomId }: OneRoom, context: RequestContext): Promise<DeleteRoomResponse> {
  authorizeTakingPart(context.caller);

  await db.transaction().execute(async (tx) => {
    const room = await lockVisibleRoom(tx, roomId, context);
    authorizeRuling(room, context.caller, 'room:delete');

    const deleted = await markDeleted(tx, roomId).executeTakeFirstOrThrow(within(context));
    await publish(tx, [roomDeleted(deleted)]);
  });

  return {};
}
