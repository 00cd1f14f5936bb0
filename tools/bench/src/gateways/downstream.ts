import { NotificationsService } from '@facet/contracts/notifications/grpc';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { UsersService } from '@facet/contracts/users/grpc';
import type { Client, ClientOptions } from '@facet/downstream';
import type { ServiceDefinition } from '@facet/service-kit/wire';
import type { Targets } from '../processes/synthetic-services.js';

/** The services that the synthetic home is made of. */
export abstract class Downstream {
  abstract readonly users: Client<typeof UsersService>;
  abstract readonly rooms: Client<typeof RoomsService>;
  abstract readonly notifications: Client<typeof NotificationsService>;
  abstract readonly presence: Client<typeof PresenceService>;
}

type To<Service> = ClientOptions & { readonly service: Service };

type Clients = {
  readonly users: To<typeof UsersService>;
  readonly rooms: To<typeof RoomsService>;
  readonly notifications: To<typeof NotificationsService>;
  readonly presence: To<typeof PresenceService>;
};

/** How they are reached. Without `batching` each call is an RPC of its own. */
export function clientsOf(targets: Targets, { batching = true } = {}): Clients {
  const client = <Service extends ServiceDefinition>(name: keyof Clients, service: Service) => ({
    service,
    dependency: name,
    audience: `${name}-service`,
    target: targets[name],
    deadlineMs: 1_000,
    ...(!batching && { policy: { batch: { mostItems: 1 } } }),
  });
  return {
    users: client('users', UsersService),
    rooms: client('rooms', RoomsService),
    notifications: client('notifications', NotificationsService),
    presence: client('presence', PresenceService),
  };
}
