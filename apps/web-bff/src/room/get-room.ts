import type { RequestContext } from '@facet/context';
import type { Room } from '@facet/contracts/rooms';
import { answered } from '@facet/errors';
import type { Downstream } from '../downstream.js';

export async function getRoom({ rooms }: Pick<Downstream, 'rooms'>, roomId: string, context: RequestContext): Promise<Room> {
  const { room } = await rooms.getRoom({ roomId }, context);
  return answered(room, 'rooms');
}
