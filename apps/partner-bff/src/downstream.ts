import { MessagesService } from '@facet/contracts/messages/grpc';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { UsersService } from '@facet/contracts/users/grpc';
import type { Client } from '@facet/downstream';
import type { Config } from './config.js';

export abstract class Downstream {
  abstract readonly users: Client<typeof UsersService>;
  abstract readonly rooms: Client<typeof RoomsService>;
  abstract readonly messages: Client<typeof MessagesService>;
}

export const clientsOf = (config: Config) => ({
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
});
