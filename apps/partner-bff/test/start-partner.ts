import { randomBytes } from 'node:crypto';
import type { Environment } from '@facet/config';
import { MessagesService } from '@facet/contracts/messages/grpc';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { UsersService } from '@facet/contracts/users/grpc';
import { httpServer } from '@facet/edge';
import { silentLogger, type Logger } from '@facet/observability';
import { startApp } from '@facet/service-kit';
import { callerOf, EventsFake, idOf, mediaFake, startGrpcFake, startHttpFake, startIssuer, userIds } from '@facet/testing';
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { AppModule } from '../src/app.module.js';
import { ContentLinks } from '../src/attachment/content-links.js';
import { config as read } from '../src/config.js';
import { keysFake } from './keys.fixtures.js';
import { aWorld, messagesOf, roomsOf, usersOf } from './services.fixtures.js';

export interface Options {
  /** Absent: the token of bob, for whom demo-partner acts. Null: none. */
  readonly token?: string | null;
  readonly scope?: string;
  readonly subject?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export const general = `/api/v1/rooms/${idOf(1)}`;
export const random = `/api/v1/rooms/${idOf(2)}`;
export const direct = `/api/v1/rooms/${idOf(3)}`;
export const message = `${general}/messages/${idOf(100)}`;
export const attachment = `/api/v1/attachments/${idOf(900)}`;
export const bob = `/api/v1/users/${userIds.bob}`;

/** The real application on a free port, with an issuer and four services of the test's own, for all tests of a file; each test has a world of its own. */
export function partnerApp(settings: () => Promise<Environment> = () => Promise.resolve({}), logger = silentLogger) {
  const started = {} as Awaited<ReturnType<typeof start>>;
  beforeAll(async () => void Object.assign(started, await start(await settings(), logger)));
  beforeEach(() => started.reset());
  afterAll(() => started.stop());
  return started;
}

/** The application, for who calls it before the tests of a file begin. */
export const startPartner = () => start({}, silentLogger);

async function start(settings: Environment, logger: Logger) {
  const issuer = await startIssuer();
  const fakes = {
    users: await startGrpcFake(UsersService),
    rooms: await startGrpcFake(RoomsService),
    messages: await startGrpcFake(MessagesService),
    media: await startHttpFake(mediaFake),
    identity: await startHttpFake({}),
  };
  const { config, running, events } = await serve(issuer.issuer, fakes, settings, logger);
  const url = running.listening['http'] ?? '';

  async function call(method: string, path: string, { token, scope, subject = userIds.bob, body, headers }: Options = {}) {
    const bearer = token === undefined ? await issuer.issue({ user: { subject }, client: 'demo-partner', scope }) : token;
    const content = contentOf(body);
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        ...(bearer && { authorization: `Bearer ${bearer}` }),
        ...content.headers,
        ...headers,
      },
      body: content.body,
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  }

  const world = aWorld();
  const keys = keysFake();
  const reset = () => {
    Object.assign(world, aWorld());
    for (const fake of Object.values(fakes)) fake.reset();
    fakes.identity.handlers = keys.handlers;
    Object.assign(fakes.users.handlers, usersOf());
    Object.assign(fakes.rooms.handlers, roomsOf(world));
    Object.assign(fakes.messages.handlers, messagesOf(world));
  };
  reset();
  // The first calls of a process pay for connections and compilation.
  for (const path of [bob, `${general}/members`, `${general}/messages`])
    await vi.waitUntil(async () => (await call('GET', path)).status === 200, 20_000);

  return {
    issuer,
    fakes,
    events,
    world,
    keys,
    links: new ContentLinks(config.INTERNAL_ROOT_KEY),
    caller: callerOf({ client: 'demo-partner', scopes: ['read:messages'] }),
    call,
    reset,
    config,
    running,
    stop: async () => {
      await running.stop();
      await Promise.all(Object.values(fakes).map((fake) => fake.stop()));
      await issuer.stop();
    },
  };
}

async function serve(
  issuerUrl: string,
  fakes: Record<'users' | 'rooms' | 'messages' | 'media' | 'identity', { target: string }>,
  settings: Environment,
  logger: Logger,
) {
  const config = read({
    FACET_ENV: 'development',
    PORT: '0',
    MANAGEMENT_PORT: '0',
    LOG_LEVEL: 'silent',
    ISSUER_URL: issuerUrl,
    INTERNAL_ROOT_KEY: randomBytes(32).toString('base64url'),
    USERS_TARGET: fakes.users.target,
    ROOMS_TARGET: fakes.rooms.target,
    MESSAGES_TARGET: fakes.messages.target,
    MEDIA_TARGET: fakes.media.target,
    ...settings,
    KAFKA_BROKERS: 'events.fake:9092',
    IDENTITY_TARGET: fakes.identity.target,
  });
  const events = new EventsFake();
  const running = await startApp({
    name: 'partner-bff',
    config,
    module: AppModule.forRoot(config, { events }),
    server: httpServer({
      port: 0,
      managementPort: 0,
      proxies: config,
      tls: config,
      openApi: { title: 'Facet for partners', version: '1' },
    }),
    logger,
  });
  return { config, running, events };
}

/** What a test sends: a form, a text as it is, anything else as JSON. */
function contentOf(body: unknown): { headers: Record<string, string>; body: string | FormData | undefined } {
  if (body === undefined || body instanceof FormData) return { headers: {}, body };
  return { headers: { 'content-type': 'application/json' }, body: typeof body === 'string' ? body : JSON.stringify(body) };
}
