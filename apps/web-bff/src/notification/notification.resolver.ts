import type { RequestContext } from '@facet/context';
import { NotificationType, type Notification } from '@facet/contracts/notifications';
import { PageArguments } from '../graphql/connection.js';
import { field, named, type Resolvers } from '../graphql/field.js';
import type { Sources } from '../graphql/sources.js';
import { getMessage } from '../message/get-message.js';
import { getRoom } from '../room/get-room.js';
import { listNotifications } from './list-notifications.js';

export const notificationResolvers = ({ downstream, cursors }: Sources): Resolvers => ({
  Query: {
    notifications: field({ arguments: PageArguments, rows: ({ first }) => first }, (_, page, context) =>
      listNotifications({ downstream, cursors }, page, context),
    ),
  },
  Notification: {
    type: named('type', { MENTION: NotificationType.NOTIFICATION_TYPE_MENTION, REPLY: NotificationType.NOTIFICATION_TYPE_REPLY }),
    room: ({ roomId }: Notification, _: unknown, context: RequestContext) => getRoom(downstream, roomId, context),
    message: ({ roomId, messageId }: Notification, _: unknown, context: RequestContext) =>
      getMessage(downstream, { roomId, messageId }, context),
  },
});
