import type { RequestContext } from '@facet/context';
import type { Room } from '@facet/contracts/rooms';
import { uuid } from '@facet/edge';
import { z } from 'zod';
import { PageArguments } from '../graphql/connection.js';
import { field, named, type Resolvers } from '../graphql/field.js';
import type { Sources } from '../graphql/sources.js';
import { getLastMessage, listMessages } from '../message/list-messages.js';
import { CreateRoomArguments, createRoom, joinRoom, leaveRoom, markRead, MarkReadArguments, roomTypes } from './change-rooms.js';
import { getRoom } from './get-room.js';
import { listMembers } from './list-members.js';
import { listRooms } from './list-rooms.js';
import { nameRoom } from './name-room.js';

const ById = z.object({ id: uuid });
const ByUser = z.object({ userId: uuid });
const usualMembers = 200;

export const roomResolvers = ({ downstream, cursors }: Sources): Resolvers => ({
  Query: {
    room: field({ arguments: ById }, (_, { id }, context) => getRoom(downstream, id, context)),
    rooms: field({ arguments: PageArguments, rows: ({ first }) => first }, (_, page, context) =>
      listRooms({ downstream, cursors }, page, context),
    ),
  },
  Mutation: {
    createRoom: field({ arguments: CreateRoomArguments }, (_, { input }, context) => createRoom(downstream, input, context)),
    joinRoom: field({ arguments: ById }, (_, { id }, context) => joinRoom(downstream, id, context)),
    leaveRoom: field({ arguments: ById }, (_, { id }, context) => leaveRoom(downstream, id, context)),
    markRead: field({ arguments: MarkReadArguments }, (_, marker, context) => markRead(downstream, marker, context)),
  },
  Room: {
    type: named('type', roomTypes),
    name: (room: Room, _: unknown, context: RequestContext) => nameRoom(downstream, room, context),
    members: field({ rows: () => usualMembers }, ({ id }: Room, _, context) => listMembers(downstream, id, context)),
    messages: field({ arguments: PageArguments, rows: ({ first }) => first }, ({ id }: Room, page, context) =>
      listMessages({ downstream, cursors }, { $case: 'roomId', value: id }, page, context),
    ),
    lastMessage: ({ id }: Room, _: unknown, context: RequestContext) => getLastMessage(downstream, id, context),
    unreadCount: field(
      { arguments: ByUser, about: (_: Room, { userId }) => ({ shown: true, userId }) },
      async ({ id }: Room, { userId }, context) => {
        const { count } = await downstream.notifications.countUnread({ roomId: id, userId }, context);
        return count;
      },
    ),
  },
});
