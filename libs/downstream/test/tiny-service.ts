import { randomBytes } from 'node:crypto';
import { Controller, Module } from '@nestjs/common';
import { deriveInternalKey, newCaller } from '@facet/auth';
import { Ending, RequestContext, type Caller } from '@facet/context';
import { HeartbeatResponse, SetTypingResponse, type CountOnlineResponse } from '@facet/contracts/presence';
import { PresenceService } from '@facet/contracts/presence/grpc';
import type { ProblemError } from '@facet/errors';
import { silentLogger } from '@facet/observability';
import {
  BatchRpc,
  grpcServer,
  id,
  Rpc,
  startApp,
  type BatchContext,
  type BatchItem,
  type ProcessConfig,
  type RunningApp,
} from '@facet/service-kit';
import type { TlsSettings } from '@facet/service-kit/tls';
import { z } from 'zod';
import { connectClients, type Client, type PolicyOptions } from '../src/index.js';

const Room = z.object({ roomId: id });
type Room = z.infer<typeof Room>;

/** What the service of a test does. */
export class Behaviour {
  count: (items: readonly BatchItem<Room>[], context: BatchContext) => Promise<readonly (CountOnlineResponse | ProblemError)[]> = async (
    items,
  ) => items.map(() => ({ count: 1 }));
  type: (request: Room, context: RequestContext) => Promise<SetTypingResponse> = async () => SetTypingResponse.create();
}

@Controller()
class TinyRpc {
  constructor(private readonly behaviour: Behaviour) {}

  @BatchRpc(PresenceService, 'countOnline', Room)
  countOnline(items: readonly BatchItem<Room>[], context: BatchContext) {
    return this.behaviour.count(items, context);
  }

  @Rpc(PresenceService, 'setTyping', Room)
  setTyping(request: Room, context: RequestContext) {
    return this.behaviour.type(request, context);
  }

  @Rpc(PresenceService, 'heartbeat', z.object({ status: z.number() }))
  async heartbeat() {
    return HeartbeatResponse.create();
  }
}

@Module({})
class TinyModule {}

export const rootKey = randomBytes(32);
const internalKeys = { 'mobile-bff': deriveInternalKey(rootKey, 'presence-service') };

export const alice = newCaller({
  subject: '01900000-0000-7000-8000-00000000000a',
  kind: 'user',
  client: 'mobile-app',
  scopes: ['read:rooms'],
  roles: ['user'],
});
export const bob = newCaller({ ...alice, subject: '01900000-0000-7000-8000-00000000000b' });
export const roomNumber = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** A request of this caller. */
export function contextOf(caller: Caller = alice, { timeoutMs = 5_000, signal = new AbortController().signal } = {}): RequestContext {
  return new RequestContext({ caller, deadline: Date.now() + timeoutMs, ending: Ending.of(signal), requestId: 'a-request' });
}

/** The real service on a real port. */
export async function startTiny(
  behaviour = new Behaviour(),
  port = 0,
  connectionAgeMs = 600_000,
  { name = 'presence-service', ...settings }: { readonly name?: string } & Partial<ProcessConfig> = {},
): Promise<RunningApp & { readonly behaviour: Behaviour }> {
  const running = await startApp({
    name,
    config: { FACET_ENV: 'production', HOST: '127.0.0.1', LOG_LEVEL: 'silent', SHUTDOWN_MS: 1_000, ...settings },
    module: { module: TinyModule, controllers: [TinyRpc], providers: [{ provide: Behaviour, useValue: behaviour }] },
    server: grpcServer({ services: [PresenceService], port, internalKeys, connectionAgeMs }),
    logger: silentLogger,
  });
  return { ...running, behaviour };
}

/** How a client differs from the usual. */
export interface Reaching {
  readonly deadlineMs?: number;
  readonly audience?: string;
  readonly backupTarget?: string;
  readonly policy?: PolicyOptions;
  /** Files of the client's certificate. */
  readonly tls?: TlsSettings;
  readonly report?: (level: string, message: string) => void;
}

/** A client of the service at that port, or at that target. */
export function clientOf(
  at: number | string,
  { deadlineMs = 5_000, audience = 'presence-service', report = () => undefined, tls, ...rest }: Reaching = {},
): { presence: Client<typeof PresenceService>; close(): void } {
  const target = typeof at === 'string' ? at : `static:127.0.0.1:${at}`;
  const options = { service: PresenceService, dependency: 'presence', audience, target, deadlineMs, ...rest };
  const { clients, close } = connectClients({ issuer: 'mobile-bff', rootKey, report, tls, clients: { presence: options } });
  return { presence: clients.presence, close };
}
