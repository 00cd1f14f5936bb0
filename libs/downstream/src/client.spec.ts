import type { RequestContext } from '@facet/context';
import type { CountOnlineResponse } from '@facet/contracts/presence';
import { PresenceService } from '@facet/contracts/presence/grpc';
import type { GetRoomResponse } from '@facet/contracts/rooms';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { expectTypeOf, it } from 'vitest';
import type { Client } from './client.js';
import { DownstreamModule } from './downstream.module.js';

it('a client has the single methods of its service, typed, and no batch twin', () => {
  type Presence = Client<typeof PresenceService>;
  expectTypeOf<keyof Presence>().toEqualTypeOf<'countOnline' | 'heartbeat' | 'setTyping'>();
  expectTypeOf<Presence['countOnline']>().toEqualTypeOf<
    (request: { roomId?: string }, context: RequestContext) => Promise<CountOnlineResponse>
  >();
  expectTypeOf<ReturnType<Client<typeof RoomsService>['getRoom']>>().resolves.toEqualTypeOf<GetRoomResponse>();
});

it('an application declares its clients once, and a missing or wrong one does not compile', () => {
  abstract class Downstream {
    abstract readonly presence: Client<typeof PresenceService>;
    abstract readonly rooms: Client<typeof RoomsService>;
  }
  const reached = { dependency: 'x', audience: 'x-service', target: 'static:127.0.0.1:1', deadlineMs: 300 };
  const common = { token: Downstream, issuer: 'mobile-bff', rootKey: new Uint8Array(32) };
  const presence = { service: PresenceService, ...reached };
  DownstreamModule.forRoot({ ...common, clients: { presence, rooms: { service: RoomsService, ...reached } } });
  // @ts-expect-error rooms is missing
  DownstreamModule.forRoot({ ...common, clients: { presence } });
  // @ts-expect-error rooms is another service
  DownstreamModule.forRoot({ ...common, clients: { presence, rooms: presence } });
});
