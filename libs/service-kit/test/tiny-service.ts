import { randomBytes } from 'node:crypto';
import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { Controller, Module } from '@nestjs/common';
import { deriveInternalKey, InternalTokenMinter, newCaller } from '@facet/auth';
import type { Caller, RequestContext } from '@facet/context';
import { HeartbeatResponse, SetTypingResponse, type CountOnlineResponse } from '@facet/contracts/presence';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { silentLogger } from '@facet/observability';
import { z } from 'zod';
import {
  BatchRpc,
  grpcServer,
  id,
  Rpc,
  startApp,
  type BatchContext,
  type BatchItem,
  type BatchOutcome,
  type ProcessConfig,
  type RunningApp,
} from '../src/index.js';
import { encodeMessage, methodOf, pathOf, writeHeaders, type RequestOf } from '../src/wire.js';

const CountOnline = z.object({ roomId: id });
const SetTyping = z.object({ roomId: id });
const Heartbeat = z.object({ status: z.number() });

/** What the service of a test does, and what it saw. */
export class Behaviour {
  count: (items: readonly BatchItem<{ roomId: string }>[], context: BatchContext) => Promise<readonly BatchOutcome<CountOnlineResponse>[]> =
    async (items) => items.map(() => ({ count: 1 }));
  type: (request: { roomId: string }, context: RequestContext) => Promise<SetTypingResponse> = async () => SetTypingResponse.create();
}

/** A presence service whose behaviour the test decides. */
@Controller()
export class TinyRpc {
  constructor(private readonly behaviour: Behaviour) {}

  @BatchRpc(PresenceService, 'countOnline', CountOnline)
  countOnline(items: readonly BatchItem<{ roomId: string }>[], context: BatchContext) {
    return this.behaviour.count(items, context);
  }

  @Rpc(PresenceService, 'setTyping', SetTyping)
  setTyping(request: { roomId: string }, context: RequestContext) {
    return this.behaviour.type(request, context);
  }

  @Rpc(PresenceService, 'heartbeat', Heartbeat)
  async heartbeat() {
    return HeartbeatResponse.create();
  }
}

@Module({})
class TinyModule {}

const rootKey = randomBytes(32);
const minter = new InternalTokenMinter({ issuer: 'mobile-bff', rootKey });

/** Keys of presence-service. */
export const internalKeys = {
  'mobile-bff': deriveInternalKey(rootKey, 'presence-service'),
  'web-bff': deriveInternalKey(randomBytes(32), 'presence-service'),
};

export const aRoom = '01900000-0000-7000-8000-000000000001';
export const alice = newCaller({
  subject: '01900000-0000-7000-8000-00000000000a',
  kind: 'user',
  client: 'mobile-app',
  scopes: ['read:rooms'],
  roles: ['user'],
});
export const bob = newCaller({ ...alice, subject: '01900000-0000-7000-8000-00000000000b' });
export const tokenOf = (caller: Caller, audience = 'presence-service') => minter.mint(caller, audience);
export const productionConfig = { FACET_ENV: 'production', HOST: '127.0.0.1', LOG_LEVEL: 'silent', SHUTDOWN_MS: 2_000 } as const;

export interface Tiny extends RunningApp {
  readonly behaviour: Behaviour;
  readonly client: Client;
  call<M extends keyof typeof PresenceService.methods>(
    method: M,
    request: object,
    options?: CallOptions,
  ): Promise<ReturnType<(typeof PresenceService.methods)[M]['responseType']['decode']>>;
  callRaw(method: keyof typeof PresenceService.methods, bytes: Buffer, options?: CallOptions): Promise<Buffer>;
}

interface CallOptions {
  readonly token?: string | undefined;
  readonly deadline?: number;
  readonly signal?: AbortSignal;
  readonly answerWithinMs?: number;
}

/** The real application on a port of the system's choice, and a bare gRPC client of it. */
export async function startTiny({
  controllers = [TinyRpc],
  development = false,
  settings = {},
}: {
  controllers?: (new (...args: never[]) => object)[];
  development?: boolean;
  settings?: Partial<ProcessConfig>;
} = {}): Promise<Tiny> {
  const behaviour = new Behaviour();
  const running = await startApp({
    name: 'presence-service',
    config: { ...productionConfig, FACET_ENV: development ? 'development' : 'production', ...settings },
    module: { module: TinyModule, controllers, providers: [{ provide: Behaviour, useValue: behaviour }] },
    server: grpcServer({
      services: [PresenceService],
      port: 0,
      internalKeys,
    }),
    logger: silentLogger,
  });
  const client = new Client(`127.0.0.1:${running.port}`, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  const callRaw: Tiny['callRaw'] = (method, bytes, { token, deadline = Date.now() + 5_000, signal, answerWithinMs } = {}) =>
    new Promise((resolve, reject) => {
      const path = pathOf(PresenceService, methodOf(PresenceService, method));
      const metadata = writeHeaders({ requestId: 'a-request', answerWithinMs, ...(token !== undefined && { token }) });
      const same = (buffer: Buffer) => buffer;
      const call = client.makeUnaryRequest(
        path,
        same,
        same,
        bytes,
        metadata,
        { deadline },
        (error: ServiceError | null, answer?: Buffer) => (error || !answer ? reject(error) : resolve(answer)),
      );
      signal?.addEventListener('abort', () => call.cancel());
    });
  return {
    ...running,
    behaviour,
    client,
    callRaw,
    call: async (method, request, options) => {
      const { requestType, responseType } = methodOf(PresenceService, method);
      const bytes = encodeMessage(requestType, requestType.fromPartial(request as RequestOf<typeof PresenceService, typeof method>));
      return responseType.decode(await callRaw(method, bytes, { token: await tokenOf(alice), ...options })) as never;
    },
    stop: async () => {
      await running.stop();
      client.close();
    },
  };
}
