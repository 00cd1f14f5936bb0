import { MessagesService } from '@facet/contracts/messages/grpc';
import { NotificationsService } from '@facet/contracts/notifications/grpc';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { UsersService } from '@facet/contracts/users/grpc';
import { DownstreamModule, type Client } from '@facet/downstream';
import type { Config } from './config.js';

/** The services that pages are made of. */
export abstract class Downstream {
  abstract readonly users: Client<typeof UsersService>;
  abstract readonly rooms: Client<typeof RoomsService>;
  abstract readonly messages: Client<typeof MessagesService>;
  abstract readonly notifications: Client<typeof NotificationsService>;
}

export function downstreamModule(config: Config) {
  return DownstreamModule.forRoot({
    token: Downstream,
    issuer: 'web-bff',
    rootKey: config.INTERNAL_ROOT_KEY,
    clients: {
      users: {
        service: UsersService,
        dependency: 'users',
        audience: 'users-service',
        target: config.USERS_TARGET,
        deadlineMs: config.USERS_DEADLINE_MS,
      },
      rooms: {
        service: RoomsService,
        dependency: 'rooms',
        audience: 'rooms-service',
        target: config.ROOMS_TARGET,
        deadlineMs: config.ROOMS_DEADLINE_MS,
      },
      messages: {
        service: MessagesService,
        dependency: 'messages',
        audience: 'messages-service',
        target: config.MESSAGES_TARGET,
        deadlineMs: config.MESSAGES_DEADLINE_MS,
      },
      notifications: {
        service: NotificationsService,
        dependency: 'notifications',
        audience: 'notifications-service',
        target: config.NOTIFICATIONS_TARGET,
        deadlineMs: config.NOTIFICATIONS_DEADLINE_MS,
      },
    },
  });
}
