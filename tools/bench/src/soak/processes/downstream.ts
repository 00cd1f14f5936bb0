import { PresenceService } from '@facet/contracts/presence/grpc';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import type { Client, ClientOptions, PolicyOptions } from '@facet/downstream';

/** The services that the soak's gateway asks. */
export abstract class Downstream {
  abstract readonly presence: Client<typeof PresenceService>;
  abstract readonly rooms: Client<typeof RoomsService>;
}

/** Where a service of the soak is, and how it is called. */
export interface Way {
  /** `static:127.0.0.1:4711`. */
  readonly target: string;
  readonly deadlineMs: number;
  readonly policy?: PolicyOptions;
}

export interface Ways {
  readonly presence: Way;
  readonly rooms: Way;
}

const audience = 'soak-service';

type Clients = {
  readonly presence: ClientOptions & { readonly service: typeof PresenceService };
  readonly rooms: ClientOptions & { readonly service: typeof RoomsService };
};

export const clientsOf = ({ presence, rooms }: Ways): Clients => ({
  presence: { service: PresenceService, dependency: 'presence', audience, ...presence },
  rooms: { service: RoomsService, dependency: 'rooms', audience, ...rooms },
});
