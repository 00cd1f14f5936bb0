import { refuseEarly } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { DeleteRoomResponse } from '@facet/contracts/rooms';
import { within } from '@facet/database';
import { publish } from '@facet/events';
import { roomDeleted } from '../events/published.js';
import { markDeleted } from '../store/rooms.js';
import type { Db } from '../store/tables.js';
import { lockAllowedRoom } from './find-visible-rooms.js';
import type { OneRoom } from './requests.js';

export async function deleteRoom(db: Db, { roomId }: OneRoom, context: RequestContext): Promise<DeleteRoomResponse> {
  refuseEarly(context.caller, 'room:delete');

  await db.transaction().execute(async (tx) => {
    await lockAllowedRoom(tx, { roomId, rule: 'room:delete' }, context);

    const deleted = await markDeleted(tx, roomId).executeTakeFirstOrThrow(within(context));
    await publish(tx, [roomDeleted(deleted)]);
  });

  return {};
}
