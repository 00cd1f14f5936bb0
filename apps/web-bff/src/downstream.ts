import { MediaService } from '@facet/contracts/media/http';
import { MessagesService } from '@facet/contracts/messages/grpc';
import { NotificationsService } from '@facet/contracts/notifications/grpc';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { UsersService } from '@facet/contracts/users/grpc';
import { clientOf, DownstreamModule, type Client, type HttpClient } from '@facet/downstream';
import type { Config } from './config.js';

/** The services that pages are made of. */
export abstract class Downstream {
  abstract readonly users: Client<typeof UsersService>;
  abstract readonly rooms: Client<typeof RoomsService>;
  abstract readonly messages: Client<typeof MessagesService>;
  abstract readonly media: HttpClient<typeof MediaService>;
  abstract readonly notifications: Client<typeof NotificationsService>;
}

export const clientsOf = (config: Config) => ({
  users: clientOf('users', UsersService, config),
  rooms: clientOf('rooms', RoomsService, config),
  messages: clientOf('messages', MessagesService, config),
  media: clientOf('media', MediaService, config),
  notifications: clientOf('notifications', NotificationsService, config),
});

export function downstreamModule(config: Config) {
  return DownstreamModule.forRoot({
    token: Downstream,
    issuer: 'web-bff',
    rootKey: config.INTERNAL_ROOT_KEY,
    tls: config,
    clients: clientsOf(config),
  });
}
