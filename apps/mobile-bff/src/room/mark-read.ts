import type { RequestContext } from '@facet/context';
import type { Downstream } from '../downstream.js';
import type { ReadUpTo, RoomParams } from './room.view.js';

/** Everything up to this message is read. Moving back is no error and no move. */
export async function markRead(
  { notifications }: Downstream,
  { roomId, messageId }: RoomParams & ReadUpTo,
  context: RequestContext,
): Promise<void> {
  await notifications.markRoomRead({ roomId, messageId }, context);
}
