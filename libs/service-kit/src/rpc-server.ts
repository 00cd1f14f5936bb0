import { Server, ServerCredentials, setLogger, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { ServerGrpc, type MessageHandler } from '@nestjs/microservices';
import type { Logger } from '@facet/observability';
import { isObservable, lastValueFrom } from 'rxjs';
import type { CallScope, RawCall } from './call-scope.js';
import type { FaultSwitch } from './fault-switch.js';
import { admitPeers, MutualTls, sessionOf } from './grpc-tls.js';
import { RpcLog } from './rpc-log.js';
import type { RpcBinding } from './rpc.decorator.js';
import { serveBatch } from './serve-batch.js';
import { invokeFaulty, serveFaulty } from './serve-faulty.js';
import { serveRpc, type Invoke, type RpcToServe, type TokenVerifier } from './serve-rpc.js';
import { serveSingle } from './serve-single.js';
import { methodOf, rawDefinition, type MethodDefinition, type ServiceDefinition } from './service-definition.js';
import { StartFailure } from './start-failure.js';
import type { ServiceTls } from './service-tls.js';

/** RpcServerOptions: which services are served where, who may call, and what else goes on the same listener. */
export interface RpcServerOptions {
  readonly services: readonly ServiceDefinition[];
  readonly host: string;
  readonly port: number;
  readonly verifier: TokenVerifier;
  readonly logger: Logger;
  /** How long a connection lasts, in milliseconds; ten minutes unless told. */
  readonly connectionAgeMs?: number | undefined;
  /** Adds what is no service of ours, such as health. */
  readonly extend: (server: Server) => void;
  /** With it, whoever connects shows a certificate. */
  readonly tls?: ServiceTls | undefined;
  /** Faults on purpose, in development. */
  readonly faults?: FaultSwitch | undefined;
}

/** For the last answers to leave. */
const farewellMs = 200;

const mebibyte = 1024 * 1024;

/** Then a connection ends by GOAWAY, so that callers look again who there is; what is on it has so long to end. */
const connectionAgeMs = 600_000;
const connectionGraceMs = 30_000;

/** A storm of calls that time out resets streams; Node would end the connection, and everybody's calls with it, at about 1,000 of them. */
const streamResets = { streamResetBurst: 1_000_000, streamResetRate: 100_000 };

/** RpcServer: Nest's gRPC transport over the generated service definitions: no .proto file at run time, our own checks before and our own statuses after a handler. */
export class RpcServer extends ServerGrpc {
  readonly #bindings = new Map<string, { binding: RpcBinding; invoke: Invoke }>();
  readonly #server: Server;
  readonly #inFlight = new Set<CallScope>();
  #port = 0;

  constructor(private readonly rpc: RpcServerOptions) {
    super({ url: `${rpc.host}:${rpc.port}`, package: [], packageDefinition: {} });
    this.#server = new Server({
      'grpc.max_receive_message_length': 8 * mebibyte,
      'grpc.max_send_message_length': 64 * mebibyte,
      'grpc.enable_channelz': 0,
      'grpc.max_connection_age_ms': rpc.connectionAgeMs ?? connectionAgeMs,
      'grpc.max_connection_age_grace_ms': connectionGraceMs,
    });
    setLogger(quietly(rpc.logger));
    Object.assign((this.#server as unknown as { commonServerOptions: object }).commonServerOptions, streamResets);
  }

  /** Where it listens; known once it does. */
  get port(): number {
    return this.#port;
  }

  /** Called by Nest for each method of a controller that serves an RPC. */
  override addHandler(pattern: unknown, callback: MessageHandler, isEventHandler?: boolean, extras: Record<string, unknown> = {}): void {
    super.addHandler(pattern, callback, isEventHandler);
    const binding = extras['binding'] as RpcBinding | undefined;
    if (binding) this.#bindings.set(nameOf(binding.service, binding.method), { binding, invoke: invokeWith(callback) });
  }

  override async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      for (const service of this.rpc.services) this.#server.addService(rawDefinition(service), this.#implement(service));
      this.rpc.extend(this.#server);
      this.#port = await this.#bind();
      if (this.rpc.tls) admitPeers(this.#server, this.rpc.tls.peers);
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** Accepts nothing new and waits for what is in flight; after `withinMs` milliseconds the rest is answered as unavailable. */
  async drain(withinMs: number): Promise<void> {
    const drained = new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve()));
    await settledWithin(drained, withinMs);
    for (const scope of this.#inFlight) scope.end('dependency-unavailable');
    await settledWithin(drained, farewellMs);
  }

  override async close(): Promise<void> {
    this.#server.forceShutdown();
  }

  #bind(): Promise<number> {
    const { host, port, tls } = this.rpc;
    const credentials = tls ? new MutualTls(tls.certificate) : ServerCredentials.createInsecure();
    const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(address, credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
    });
  }

  /** A handler for every method, a twin by way of its single. */
  #implement(service: ServiceDefinition): UntypedServiceImplementation {
    const singleOf = Object.fromEntries(Object.entries(service.batchedBy).map(([single, twin]) => [twin, single]));
    const handlers = Object.entries(service.methods).map(([key, method]) => [
      key,
      this.#handler(service, method, singleOf[key] ?? key, key in singleOf),
    ]);
    return Object.fromEntries(handlers);
  }

  #handler(service: ServiceDefinition, method: MethodDefinition, single: string, isTwin: boolean) {
    const bound = this.#bindings.get(nameOf(service, single));
    if (!bound) throw new StartFailure(`No controller serves ${nameOf(service, single)}.`);
    const { verifier, logger, faults, tls } = this.rpc;
    const log = new RpcLog(`${service.fullName}/${method.name}`, logger);
    const faulty = faults && { faults, method: methodOf(service, single).name, isTwin };
    const served = { ...bound, ...(faulty && { invoke: invokeFaulty(bound.invoke, faulty) }), verifier, log };
    const serve: RpcToServe['serve'] = (bytes, scope) => (isTwin ? serveBatch(served, bytes, scope) : serveSingle(served, bytes, scope));
    const peerOf = tls && ((call: RawCall) => tls.peers.of(sessionOf(call)));
    return serveRpc({ serve: faulty ? serveFaulty(serve, faulty) : serve, inFlight: this.#inFlight, log, peerOf });
  }
}

async function settledWithin(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}

/** What grpc-js tells the console: every failure reaches us as an error as well. */
function quietly(logger: Logger): Partial<Console> {
  const write = (...said: unknown[]) => logger.debug({ context: 'grpc-js' }, said.map(String).join(' '));
  return { error: write, warn: write, info: write, debug: write };
}

function nameOf(service: ServiceDefinition, method: string): string {
  return `${service.fullName}.${method}`;
}

/** Nest answers with a value, or with an observable that fails. */
function invokeWith(handler: MessageHandler): Invoke {
  return async (input, context) => {
    const result: unknown = await handler(input, context);
    return isObservable(result) ? lastValueFrom(result) : result;
  };
}
