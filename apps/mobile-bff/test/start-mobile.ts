import { randomBytes } from 'node:crypto';
import { MessagesService } from '@facet/contracts/messages/grpc';
import { NotificationsService } from '@facet/contracts/notifications/grpc';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { UsersService } from '@facet/contracts/users/grpc';
import { httpServer } from '@facet/edge';
import { silentLogger } from '@facet/observability';
import { startApp } from '@facet/service-kit';
import { MemoryState } from '@facet/state/memory';
import { EventsFake, mediaFake, startGrpcFake, startHttpFake, startIssuer, type TestUser } from '@facet/testing';
import { expect, vi } from 'vitest';
import { AppModule } from '../src/app.module.js';
import { config as read } from '../src/config.js';
import { messagesFake, notificationsFake, presenceFake, roomsFake, usersFake } from './services.fixtures.js';

export interface Call {
  /** Whose token; null: none. */
  readonly as?: TestUser | null;
  readonly scope?: string;
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** How clients know it: what their proofs name, whatever port it got. */
export const publicUrl = 'https://mobile.test';
/** Where a page of ours comes from. */
export const webOrigin = 'https://app.test';

export type Mobile = Awaited<ReturnType<typeof startMobile>>;

/** The real application on a free port, with an issuer and six services of the test's own; by usual tokens are those of the client that needs no key. */
export async function startMobile() {
  const issuer = await startIssuer();
  const fakes = {
    users: await startGrpcFake(UsersService, usersFake),
    rooms: await startGrpcFake(RoomsService, roomsFake),
    messages: await startGrpcFake(MessagesService, messagesFake),
    media: await startHttpFake(mediaFake),
    presence: await startGrpcFake(PresenceService, presenceFake),
    notifications: await startGrpcFake(NotificationsService, notificationsFake),
  };
  const environment = {
    FACET_ENV: 'development',
    PORT: '0',
    MANAGEMENT_PORT: '0',
    LOG_LEVEL: 'silent',
    ISSUER_URL: issuer.issuer,
    INTERNAL_ROOT_KEY: randomBytes(32).toString('base64url'),
    KAFKA_BROKERS: 'events.fake:9092',
    REDIS_URL: 'redis://state.fake:6379',
    PUBLIC_URL: publicUrl,
    BEARER_CLIENTS: 'mobile-app-dev',
    CORS_ORIGINS: webOrigin,
    ...Object.fromEntries(Object.entries(fakes).map(([name, { target }]) => [`${name.toUpperCase()}_TARGET`, target])),
  };
  const events = new EventsFake();
  const state = new MemoryState();
  const start = async (settings: Record<string, string> = {}) => {
    const config = read({ ...environment, ...settings });
    const { PORT: port, MANAGEMENT_PORT: managementPort, CORS_ORIGINS: corsOrigins } = config;
    const server = httpServer({ port, managementPort, corsOrigins, openApi: { title: 'Facet for mobile', version: '1' } });
    const running = await startApp({
      name: 'mobile-bff',
      config,
      module: AppModule.forRoot(config, { events, state }),
      server,
      logger: silentLogger,
    });
    return { app: running.app, url: running.listening['http'] ?? '', stop: () => running.stop() };
  };
  const running = await start();
  const { url } = running;

  async function call(method: string, path: string, { as = 'alice', scope, token, body, headers = {} }: Call = {}) {
    const bearer = token ?? (as && (await issuer.issue({ user: as, client: 'mobile-app-dev', scope })));
    const content = contentOf(body);
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(bearer && { authorization: `Bearer ${bearer}` }),
        ...content.headers,
        ...headers,
      },
      body: content.body,
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text, bytes: Buffer.byteLength(text) };
  }

  /** What happens while a service is dead; it is back, and found again, when this resolves. */
  async function without<Result>(service: keyof typeof fakes, act: () => Promise<Result>): Promise<Result> {
    await fakes[service].stop();
    const result = await act();
    await fakes[service].restart();
    await whole();
    return result;
  }

  /** Home is whole: everything is connected and warm. */
  async function whole(): Promise<void> {
    await vi.waitFor(async () => expect((await call('GET', '/v1/home')).body.degraded).toEqual([]), { timeout: 20_000, interval: 100 });
    reset();
  }
  const reset = () => Object.values(fakes).forEach((fake) => fake.reset());
  await whole();

  return {
    app: running.app,
    url,
    issuer,
    fakes,
    events,
    state,
    /** Another process of the same application, but for some settings. */
    startReplica: start,
    call,
    without,
    reset,
    stop: async () => {
      await running.stop();
      await Promise.all(Object.values(fakes).map((fake) => fake.stop()));
      await issuer.stop();
    },
  };
}

/** What a test sends: a form, a text as it is, anything else as JSON. */
function contentOf(body: unknown): { headers: Record<string, string>; body: string | FormData | undefined } {
  if (body === undefined || body instanceof FormData) return { headers: {}, body };
  return { headers: { 'content-type': 'application/json' }, body: typeof body === 'string' ? body : JSON.stringify(body) };
}
