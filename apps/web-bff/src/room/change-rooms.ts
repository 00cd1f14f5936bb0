import type { RequestContext } from '@facet/context';
import { RoomType, type Room } from '@facet/contracts/rooms';
import { text, uuid } from '@facet/edge';
import { answered } from '@facet/errors';
import { z } from 'zod';
import type { Downstream } from '../downstream.js';
import { getRoom } from './get-room.js';

export const roomTypes = {
  PUBLIC: RoomType.ROOM_TYPE_PUBLIC,
  PRIVATE: RoomType.ROOM_TYPE_PRIVATE,
  DIRECT: RoomType.ROOM_TYPE_DIRECT,
};

const fields = {
  topic: text(0, 250)
    .nullish()
    .transform((topic) => topic || undefined),
  memberIds: z
    .array(uuid)
    .max(100)
    .nullish()
    .transform((ids) => ids ?? []),
};
const toNumber = (name: keyof typeof roomTypes) => roomTypes[name];
const Direct = z.object({ type: z.literal('DIRECT').transform(toNumber), name: text(0, 80), ...fields });
const Named = z.object({ type: z.enum(['PUBLIC', 'PRIVATE']).transform(toNumber), name: text(1, 80), ...fields });

export const CreateRoomArguments = z.object({ input: z.discriminatedUnion('type', [Direct, Named]) });
export const MarkReadArguments = z.object({ roomId: uuid, messageId: uuid });

export async function createRoom(
  { rooms }: Pick<Downstream, 'rooms'>,
  input: z.output<typeof CreateRoomArguments>['input'],
  context: RequestContext,
): Promise<Room> {
  const { room } = await rooms.createRoom(input, context);
  return answered(room, 'rooms');
}

export async function joinRoom({ rooms }: Pick<Downstream, 'rooms'>, roomId: string, context: RequestContext): Promise<Room> {
  const { room } = await rooms.joinRoom({ roomId }, context);
  return answered(room, 'rooms');
}

export async function leaveRoom({ rooms }: Pick<Downstream, 'rooms'>, roomId: string, context: RequestContext): Promise<true> {
  await rooms.leaveRoom({ roomId }, context);
  return true;
}

export async function markRead(
  clients: Pick<Downstream, 'rooms' | 'notifications'>,
  { roomId, messageId }: z.output<typeof MarkReadArguments>,
  context: RequestContext,
): Promise<Room> {
  await clients.notifications.markRoomRead({ roomId, messageId }, context);
  return getRoom(clients, roomId, context);
}
