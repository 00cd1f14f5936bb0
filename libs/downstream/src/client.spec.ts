import type { RequestContext } from '@facet/context';
import { CountOnlineResponse } from '@facet/contracts/presence';
import { PresenceService } from '@facet/contracts/presence/grpc';
import type { GetRoomResponse } from '@facet/contracts/rooms';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { GrpcStatus } from '@facet/errors';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { clientOf, contextOf, departed, outcomeOf, refuse, type Sent } from '../test/held-channel.fixtures.js';
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

describe('a context that is content with an old answer', () => {
  const stale = () => contextOf('alice').allowStale(60_000);
  const onlyOnce = { policy: { retry: { attempts: 1 } } };
  const count: CountOnlineResponse = { count: 7 };
  const answer = (sent: Sent) => sent.answered(null, Buffer.from(CountOnlineResponse.encode(count).finish()));
  const world = () => {
    const { client, channel } = clientOf(PresenceService, onlyOnce);
    const ask = async (context: RequestContext, end: (sent: Sent) => void, method: 'countOnline' | 'setTyping' = 'countOnline') => {
      const asked = outcomeOf<unknown>(client[method]({ roomId: 'tea' }, context));
      await departed();
      end(channel.take());
      await departed();
      return asked;
    };
    return { client, ask };
  };

  it('is given it where the service is away', async () => {
    const { ask } = world();
    await ask(stale(), answer);
    expect((await ask(stale(), refuse)).value).toEqual(count);
  });

  it.each([GrpcStatus.NOT_FOUND, GrpcStatus.PERMISSION_DENIED])(
    'is given none once the service has refused the call (%i), though in another context',
    async (code) => {
      const { ask } = world();
      await ask(stale(), answer);
      await ask(contextOf('bob'), (sent) => refuse(sent, code));
      expect((await ask(stale(), refuse)).value).toEqual(count);
      await ask(contextOf('alice'), (sent) => refuse(sent, code));
      expect((await ask(stale(), refuse)).error).toMatchObject({ reason: 'unavailable' });
    },
  );

  it('is given none to a write', async () => {
    const { ask } = world();
    await ask(stale(), (sent) => sent.answered(null, Buffer.alloc(0)), 'setTyping');
    expect((await ask(stale(), refuse, 'setTyping')).error).toMatchObject({ reason: 'unavailable' });
  });

  it('is rejected where the request is none, as any other', async () => {
    const nothing = undefined as never;
    for (const context of [stale(), contextOf('alice')])
      await expect(world().client.countOnline(nothing, context)).rejects.toThrow(TypeError);
  });
});
