import {
  Controller,
  Delete,
  Get,
  Injectable,
  Module,
  Patch,
  Post,
  Put,
  type CanActivate,
  type ExecutionContext,
  type Provider,
  type Type,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Access, AccessGuard } from '@facet/auth';
import type { Caller } from '@facet/context';
import { DownstreamError, ProblemError } from '@facet/errors';
import { silentLogger, type Logger } from '@facet/observability';
import { startApp, type RunningApp } from '@facet/service-kit';
import { ThrottlingGuard, ThrottlingModule } from '@facet/throttling';
import { z } from 'zod';
import {
  Answer,
  Cursors,
  httpServer,
  JsonBody,
  pageLimit,
  PathParams,
  QueryParams,
  RequestContext,
  Returns,
  ReturnsNothing,
  ReturnsRaw,
  text,
  uuid,
  type ProxySettings,
  type TlsListenerSettings,
} from '../src/index.js';

const ThingParams = z.object({ thingId: uuid });
const Page = z.object({ limit: pageLimit.default(30), cursor: z.string().optional(), tag: z.array(z.string()).or(z.string()).optional() });
const NewThing = z.object({
  text: text(1, 4000),
  size: z.enum(['s', 'm']).optional(),
  nested: z.strictObject({ deep: z.string() }).optional(),
});
const Thing = z.object({
  id: z.string(),
  text: z.string(),
  at: z.date().nullable(),
  online: z.number().nullable(),
  degraded: z.array(z.string()),
});

/** What the routes do besides answering; a test looks or sets. */
export class Probe {
  contexts: RequestContext[] = [];
  /** Called by the slow route once it runs. */
  started: () => void = () => undefined;
}

@Controller('v1/things')
class ThingsController {
  private readonly cursors = new Cursors(Buffer.alloc(32, 7));

  constructor(private readonly probe: Probe) {}

  @Get()
  @Access({ scope: 'read:rooms', limit: 'browse' })
  @Returns(z.object({ limit: z.int(), after: z.string().nullable(), next: z.string() }))
  list(@QueryParams(Page) { limit, cursor }: z.infer<typeof Page>) {
    return { limit, after: cursor === undefined ? null : this.cursors.open(cursor, 'things'), next: this.cursors.seal('42', 'things') };
  }

  @Get(':thingId')
  @Access({ scope: 'read:rooms', limit: 'browse', budgetMs: 700 })
  @Returns(Thing, { summary: 'One thing' })
  get(@PathParams(ThingParams) { thingId }: z.infer<typeof ThingParams>, @RequestContext() context: RequestContext) {
    this.probe.contexts.push(context);
    context.degrade({ dependency: 'presence', reason: 'timeout' });
    return { id: thingId, text: 'x', at: new Date(0), online: null, degraded: context.degraded(), secret: 'never' };
  }

  @Post()
  @Access({ scope: 'write:rooms', limit: 'write' })
  @Returns(Thing, { status: 201, also: [200], problems: ['conflict'] })
  post(@JsonBody(NewThing) body: z.infer<typeof NewThing>) {
    const thing = { id: '1', text: body.text, at: null, online: 1, degraded: [] };
    return body.size === 's' ? new Answer(thing, { status: 200, headers: { location: '/v1/things/1' } }) : thing;
  }

  @Put(':thingId/membership')
  @Access({ scope: 'write:rooms', limit: 'write' })
  @ReturnsNothing()
  join(@PathParams(ThingParams) _params: z.infer<typeof ThingParams>) {}

  @Patch('promise')
  @Access({ scope: 'write:rooms', limit: 'write' })
  @Returns(Thing)
  broken() {
    return { id: 1, text: 'x', at: null, degraded: [] };
  }
}

@Controller('v1/faults')
@Access({ scope: 'read:rooms', limit: 'browse' })
class FaultsController {
  constructor(private readonly probe: Probe) {}

  @Get('bug')
  @ReturnsNothing()
  bug() {
    throw new Error('the password of the database is hunter2');
  }

  @Get('dependency')
  @ReturnsNothing()
  dependency() {
    throw new DownstreamError('rooms', 'unavailable', { detail: 'internal words' });
  }

  @Delete('conflict')
  @ReturnsNothing()
  conflict() {
    throw new ProblemError('conflict', { detail: 'It is still in use.' });
  }

  @Get('slow')
  @ReturnsRaw('text/plain')
  slow(@RequestContext() context: RequestContext) {
    this.probe.contexts.push(context);
    return new Promise<string>((resolve) => {
      this.probe.started = () => resolve('late');
      context.signal.addEventListener('abort', () => resolve('nobody'));
    });
  }
}

/** Stands in for real authentication: `authorization: <subject>` with every scope, or those of `x-scopes`. */
@Injectable()
class TrustingGuard implements CanActivate {
  canActivate(execution: ExecutionContext): boolean {
    const request = execution.switchToHttp().getRequest<{ headers: Record<string, string | undefined>; caller?: Caller }>();
    const { authorization: subject, 'x-scopes': scopes = 'read:rooms write:rooms' } = request.headers;
    if (subject)
      request.caller = { subject, kind: 'user', client: 'mobile-app', scopes: scopes.split(' '), roles: ['user'], permissions: [] };
    return true;
  }
}

export interface TinyOptions {
  readonly probe?: Probe;
  readonly controllers?: Type[];
  readonly limits?: { browse?: number; write?: number };
  readonly production?: boolean;
  readonly port?: number;
  readonly managementPort?: number;
  readonly logger?: Logger;
  readonly ready?: () => Promise<void>;
  readonly internalClients?: readonly string[];
  readonly proxies?: ProxySettings;
  readonly tls?: TlsListenerSettings;
  readonly providers?: Provider[];
}

export function startTiny(options: TinyOptions = {}): Promise<RunningApp> {
  const {
    probe = new Probe(),
    controllers = [ThingsController, FaultsController],
    limits,
    ready = () => Promise.resolve(),
    logger = silentLogger,
    providers = [],
  } = options;
  class TinyModule {}
  class TinyHealth {
    readonly name = 'database';
    ping = ready;
  }
  Module({
    imports: [ThrottlingModule.forRoot(limits ? { limits } : {})],
    controllers,
    providers: [
      { provide: Probe, useValue: probe },
      TinyHealth,
      ...providers,
      ...[TrustingGuard, ThrottlingGuard, AccessGuard].map((useClass) => ({ provide: APP_GUARD, useClass })),
    ],
  })(TinyModule);
  return startApp({
    name: 'tiny',
    config: { FACET_ENV: options.production ? 'production' : 'development', HOST: '127.0.0.1', LOG_LEVEL: 'silent', SHUTDOWN_MS: 2_000 },
    module: TinyModule,
    server: httpServer({
      port: options.port ?? 0,
      managementPort: options.managementPort ?? 0,
      internalClients: options.internalClients,
      proxies: options.proxies,
      tls: options.tls,
      openApi: { title: 'Tiny', version: '1.0.0' },
    }),
    logger,
  });
}
