import type { RequestContext } from '@facet/context';
import type { Downstream } from '../downstream.js';
import type { RoomPath } from '../room/room.view.js';

/** Joining again changes nothing. */
export async function joinRoom({ rooms }: Downstream, { roomId }: RoomPath, context: RequestContext): Promise<void> {
  await rooms.joinRoom({ roomId }, context);
}

/** Leaving again changes nothing. */
export async function leaveRoom({ rooms }: Downstream, { roomId }: RoomPath, context: RequestContext): Promise<void> {
  await rooms.leaveRoom({ roomId }, context);
}
