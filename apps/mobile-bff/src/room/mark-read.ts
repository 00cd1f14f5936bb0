import type { RequestContext } from '@facet/context';
import type { Downstream } from '../downstream.js';
import type { ReadUpTo, RoomPath } from './room.view.js';

/** Everything up to this message is read. Moving back is no error and no move. */
export async function markRead(
  { notifications }: Downstream,
  { roomId, messageId }: RoomPath & ReadUpTo,
  context: RequestContext,
): Promise<void> {
  await notifications.markRoomRead({ roomId, messageId }, context);
}
