import { gather, optional, stale } from '@facet/aggregation';
import { Access, AuthModule, bearerSteps } from '@facet/auth';
import { bffSettings, loadConfig, serviceSettings } from '@facet/config';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { clientOf, DownstreamModule, type Client } from '@facet/downstream';
import { Faults, RequestContext, Returns, ReturnsNothing, type DeclaredFaults } from '@facet/edge';
import { Controller, Get, Module, Post, type Type } from '@nestjs/common';
import { z } from 'zod';
import { aRoom } from '../src/entities.js';
import { resilienceMatrix, restEndpoints } from '../src/resilience.js';

abstract class Downstream {
  abstract readonly rooms: Client<typeof RoomsService>;
  abstract readonly presence: Client<typeof PresenceService>;
}

const settings = z.object({
  ...bffSettings(0),
  ...serviceSettings('ROOMS', { port: 0, deadlineMs: 1 }),
  ...serviceSettings('PRESENCE', { port: 0, deadlineMs: 1 }),
});
type Config = z.infer<typeof settings>;

const clientsOf = (config: Config) => ({
  rooms: clientOf('rooms', RoomsService, config),
  presence: clientOf('presence', PresenceService, config),
});

const Screen = z.object({ name: z.string(), online: z.int().nullable(), degraded: z.array(z.string()) });
const Names = z.object({ names: z.array(z.string()), degraded: z.array(z.string()) });
const scope = 'any';

/** What the routes of the tiny application declare; absent: nothing. */
export interface Declarations {
  readonly screen?: DeclaredFaults | undefined;
  readonly recent?: DeclaredFaults | undefined;
  readonly make?: DeclaredFaults | undefined;
  /** The route that hides an outage behind an empty list. */
  readonly liar?: DeclaredFaults | undefined;
}

/** The declarations that are true. There is none for the liar. */
export const truth: Declarations = {
  screen: { rooms: 'problem', presence: 'degraded' },
  recent: { presence: 'stale' },
  make: { rooms: 'once' },
};

const declares = (declared: DeclaredFaults | undefined): MethodDecorator => (declared ? Faults(declared) : () => undefined);

function controllerThat(says: Declarations): Type {
  @Controller('v1')
  class TinyController {
    constructor(private readonly downstream: Downstream) {}

    @Get('screen')
    @Access({ scope, limit: 'browse' })
    @Returns(Screen)
    @declares(says.screen)
    async screen(@RequestContext() context: RequestContext) {
      const { room } = await this.downstream.rooms.getRoom({ roomId: aRoom().id }, context);
      const { online } = await gather(context, { online: optional((within) => this.downstream.presence.countOnline({}, within)) });
      return { name: room?.name, online: online?.count ?? null, degraded: context.degraded() };
    }

    @Get('recent')
    @Access({ scope, limit: 'browse' })
    @Returns(Screen)
    @declares(says.recent)
    async recent(@RequestContext() context: RequestContext) {
      const { online } = await gather(context, {
        online: stale((within) => this.downstream.presence.countOnline({}, within), { maxAgeMs: 60_000 }),
      });
      return { name: '', online: online?.count ?? null, degraded: context.degraded() };
    }

    @Post('make')
    @Access({ scope, limit: 'write' })
    @ReturnsNothing()
    @declares(says.make)
    async make(@RequestContext() context: RequestContext) {
      await this.downstream.rooms.createRoom({}, context);
    }
  }
  return TinyController;
}

function liarThat(says: DeclaredFaults): Type {
  @Controller('v1')
  class LiarController {
    constructor(private readonly downstream: Downstream) {}

    @Get('liar')
    @Access({ scope, limit: 'browse' })
    @Returns(Names)
    @Faults(says)
    async liar(@RequestContext() context: RequestContext) {
      const { rooms } = await this.downstream.rooms.listRooms({}, context).catch(() => ({ rooms: [] }));
      return { names: rooms.map(({ name }) => name), degraded: [] };
    }
  }
  return LiarController;
}

/** The cells of the tiny application that are wrong, as `GET /v1/screen × presence × down`, and what is wrong with each. */
export async function wrongCells(says: Declarations): Promise<Record<string, readonly string[]>> {
  const { cells } = await resilienceMatrix({
    application: 'tiny',
    config: (environment) => loadConfig(settings, environment),
    module: (config) => moduleThat(says, config),
    downstream: Downstream,
    clientsOf,
    fakes: {
      rooms: { getRoom: () => ({ room: aRoom() }), createRoom: () => ({ room: aRoom() }), listRooms: () => ({ rooms: [aRoom()] }) },
      presence: { countOnline: () => ({ count: 2 }) },
    },
    endpoints: (app) => restEndpoints(app, { path: { code: 'not-found' }, bodies: {} }),
    user: 'alice',
    client: 'mobile-app',
  });
  const wrong = cells.filter(({ wrong }) => wrong.length > 0);
  return Object.fromEntries(wrong.map(({ endpoint, dependency, fault, wrong }) => [`${endpoint} × ${dependency} × ${fault}`, wrong]));
}

function moduleThat(says: Declarations, config: Config): Type {
  const { ISSUER_URL: issuer, INTERNAL_ROOT_KEY: rootKey } = config;
  @Module({
    imports: [
      AuthModule.forRoot({ issuer, audience: 'mobile-bff', steps: bearerSteps }),
      DownstreamModule.forRoot({ token: Downstream, issuer: 'mobile-bff', rootKey, clients: clientsOf(config) }),
    ],
    controllers: [controllerThat(says), ...(says.liar ? [liarThat(says.liar)] : [])],
  })
  class TinyModule {}
  return TinyModule;
}
