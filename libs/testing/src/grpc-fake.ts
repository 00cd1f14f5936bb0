import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Caller } from '@facet/context';
import { GrpcStatus, ProblemError } from '@facet/errors';
import {
  encodeMessage,
  itemFailureOf,
  methodOf,
  problemOf,
  rawDefinition,
  readHeaders,
  statusOf,
  type BatchRequest,
  type DeepPartial,
  type RequestOf,
  type ResponseOf,
  type ServiceDefinition,
  type SingleMethod,
} from '@facet/service-kit/wire';
import { readInternalToken } from './read-internal-token.js';

/** FakeHandlers: a service as an object literal: for each method that the test needs, what it answers; it may throw a ProblemError. */
export type FakeHandlers<S extends ServiceDefinition> = {
  [M in SingleMethod<S>]?: (
    request: RequestOf<S, M>,
    caller: Caller,
  ) => DeepPartial<ResponseOf<S, M>> | Promise<DeepPartial<ResponseOf<S, M>>>;
};

type AnyHandler = (request: unknown, caller: Caller) => object | Promise<object>;
type Call = ServerUnaryCall<Buffer, Buffer>;

/**
 * GrpcFake: a service of a test, on a real port. Batch twins are served from the handler of their single. Tokens are read, not verified. A method
 * without a handler is UNIMPLEMENTED.
 */
export class GrpcFake<S extends ServiceDefinition> {
  /** RPCs on the wire by method, twins under their own name. */
  readonly calls: Record<string, number> = {};
  /** Calls by single method, each item of a batch counted. */
  readonly items: Record<string, number> = {};
  /** What the methods answer; may be changed at any time. */
  handlers: FakeHandlers<S>;
  /** Every answer comes so much later. */
  delayMs = 0;
  /** Every RPC fails with it. */
  failure: ProblemError | undefined;
  readonly #initial: FakeHandlers<S>;
  #server: Server | undefined;
  #port = 0;

  constructor(
    private readonly service: S,
    handlers: FakeHandlers<S>,
  ) {
    this.#initial = handlers;
    this.handlers = { ...handlers };
  }

  get port(): number {
    return this.#port;
  }

  /** For the configuration of whoever calls the fake. */
  get target(): string {
    return `static:127.0.0.1:${this.#port}`;
  }

  /** Counts, delay, failure and handlers as they were at the start. */
  reset(): void {
    for (const counts of [this.calls, this.items]) for (const name of Object.keys(counts)) delete counts[name];
    this.handlers = { ...this.#initial };
    this.delayMs = 0;
    this.failure = undefined;
  }

  /** Listens, on the port that it had before where it had one. */
  async restart(): Promise<void> {
    const server = new Server({ 'grpc.enable_channelz': 0 });
    server.addService(rawDefinition(this.service), this.#implement());
    this.#port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${this.#port}`, ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
    this.#server = server;
  }

  /** Ends as a process that died: connections break, nobody listens. */
  async stop(): Promise<void> {
    this.#server?.forceShutdown();
    this.#server = undefined;
  }

  #implement(): UntypedServiceImplementation {
    const singleOf = Object.fromEntries(Object.entries(this.service.batchedBy).map(([single, twin]) => [twin, single]));
    return Object.fromEntries(Object.keys(this.service.methods).map((name) => [name, this.#serve(name, singleOf[name])]));
  }

  #serve(name: string, single: string | undefined) {
    const method = methodOf(this.service, name);
    return (call: Call, callback: sendUnaryData<Buffer>): void => {
      this.calls[name] = (this.calls[name] ?? 0) + 1;
      const { failure } = this;
      const message = method.requestType.decode(call.request);
      const answer = async () => {
        if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
        if (failure) throw failure;
        return single === undefined
          ? this.#answer(name, message, readHeaders(call.metadata).token)
          : this.#answerBatch(single, message as BatchRequest);
      };
      answer().then(
        (response) => callback(null, encodeMessage(method.responseType, method.responseType.fromPartial(response))),
        (error: unknown) =>
          callback(
            error instanceof Unimplemented ? { code: GrpcStatus.UNIMPLEMENTED, details: error.message } : statusOf(problemOf(error)),
          ),
      );
    };
  }

  async #answer(name: string, request: unknown, token: string | undefined): Promise<object> {
    this.items[name] = (this.items[name] ?? 0) + 1;
    const handler = (this.handlers as Record<string, AnyHandler | undefined>)[name];
    if (!handler) throw new Unimplemented(`The fake has no handler for ${name}`);
    return handler(request, readInternalToken(token));
  }

  async #answerBatch(single: string, { callers, items }: BatchRequest): Promise<object> {
    const results = items.map(async ({ caller, request }) => {
      try {
        return { result: { $case: 'response', value: await this.#answer(single, request, callers?.tokens[caller]) } };
      } catch (error) {
        if (error instanceof Unimplemented) throw error;
        return { result: { $case: 'error', value: itemFailureOf(problemOf(error)) } };
      }
    });
    return { results: await Promise.all(results) };
  }
}

class Unimplemented extends Error {}

/** startGrpcFake: a fake of one service that listens on a free port. */
export async function startGrpcFake<const S extends ServiceDefinition>(service: S, handlers: FakeHandlers<S> = {}): Promise<GrpcFake<S>> {
  const fake = new GrpcFake(service, handlers);
  await fake.restart();
  return fake;
}
