import { MediaService } from '@facet/contracts/media/http';
import { MessagesService } from '@facet/contracts/messages/grpc';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { UsersService } from '@facet/contracts/users/grpc';
import { clientOf, type Client, type HttpClient } from '@facet/downstream';
import type { Config } from './config.js';

export abstract class Downstream {
  abstract readonly users: Client<typeof UsersService>;
  abstract readonly rooms: Client<typeof RoomsService>;
  abstract readonly messages: Client<typeof MessagesService>;
  abstract readonly media: HttpClient<typeof MediaService>;
}

export const clientsOf = (config: Config) => ({
  users: clientOf('users', UsersService, config),
  rooms: clientOf('rooms', RoomsService, config),
  messages: clientOf('messages', MessagesService, config),
  media: clientOf('media', MediaService, config),
});
