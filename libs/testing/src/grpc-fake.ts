import { setTimeout as pause } from 'node:timers/promises';
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
  type RpcStatus,
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

/** Trouble: what becomes of an RPC in place of its answer: the same so many milliseconds late, bytes that are no message, or a failure. */
export type Trouble = number | 'garbage' | ProblemError;

type AnyHandler = (request: unknown, caller: Caller) => object | Promise<object>;
type Call = ServerUnaryCall<Buffer, Buffer>;

/**
 * GrpcFake: a service of a test, on a real port. Batch twins are served from the handler of their single. Tokens are read, not verified. A method
 * without a handler is UNIMPLEMENTED. A batch that names a time to answer is answered by then, late items with DEADLINE_EXCEEDED.
 */
export class GrpcFake<S extends ServiceDefinition> {
  /** RPCs on the wire by method, twins under their own name. */
  readonly calls: Record<string, number> = {};
  /** Calls by single method, each item of a batch counted. */
  readonly items: Record<string, number> = {};
  /** RPCs by method that their client gave up before they were answered; none from before a reset. */
  cancelled: Record<string, number> = {};
  /** What the methods answer; may be changed at any time. */
  handlers: FakeHandlers<S>;
  /** Every answer comes so much later. */
  delayMs = 0;
  /** Every RPC fails with it. */
  failure: ProblemError | undefined;
  /** What goes wrong on the wire, asked for each RPC by its name there, and its number among those of that name, from 1. */
  trouble: ((name: string, number: number) => Trouble | undefined) | undefined;
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
    this.cancelled = {};
    this.handlers = { ...this.#initial };
    this.delayMs = 0;
    this.failure = undefined;
    this.trouble = undefined;
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
    const serve = this.#answerer(name, single);
    return (call: Call, callback: sendUnaryData<Buffer>): void => {
      count(this.calls, name);
      const trouble = this.trouble?.(name, this.calls[name]!);
      if (trouble === undefined) return serve(call, callback);
      if (trouble === 'garbage') return callback(null, garbage);
      if (typeof trouble !== 'number') return callback(statusOf(trouble));
      setTimeout(() => serve(call, callback), trouble).unref();
    };
  }

  #answerer(name: string, single: string | undefined) {
    const method = methodOf(this.service, name);
    return (call: Call, callback: sendUnaryData<Buffer>): void => {
      const { cancelled } = this;
      let answered = false;
      call.on('cancelled', () => answered || count(cancelled, name));
      const message = method.requestType.decode(call.request);
      const { token, answerWithinMs } = readHeaders(call.metadata);
      const ready = this.#ready();
      const answer = single
        ? this.#answerBatch(single, message as BatchRequest, ready, answerWithinMs)
        : ready.then(() => this.#answer(name, message, token));
      void answer
        .then(
          (response) => callback(null, encodeMessage(method.responseType, method.responseType.fromPartial(response))),
          (error: unknown) => callback(statusOfFake(error)),
        )
        .finally(() => (answered = true));
    };
  }

  /** As slow as it is told to be; rejects where every RPC fails. */
  async #ready(): Promise<void> {
    const { failure, delayMs } = this;
    if (delayMs > 0) await pause(delayMs);
    if (failure) throw failure;
  }

  async #answer(name: string, request: unknown, token: string | undefined): Promise<object> {
    count(this.items, name);
    const handler = (this.handlers as Record<string, AnyHandler | undefined>)[name];
    if (!handler) throw new Unimplemented(`The fake has no handler for ${name}`);
    return handler(request, readInternalToken(token));
  }

  /** Answers when the last item is there, or within that time with the items that are. */
  async #answerBatch(single: string, { callers, items }: BatchRequest, ready: Promise<void>, withinMs?: number): Promise<object> {
    const late = withinMs === undefined ? [] : [pause(withinMs, undefined, { ref: false })];
    const results = Promise.all(
      items.map(({ caller, request }) =>
        outcomeOf(Promise.race([ready.then(() => this.#answer(single, request, callers?.tokens[caller])), ...late])),
      ),
    );
    await Promise.race([ready, ...late]);
    return { results: await results };
  }
}

/** A field of a wire type that does not exist. */
const garbage = Buffer.from([0x0f, 0xff, 0xff, 0xff]);

/** One item of a batch; one that comes too late has run out of time. */
async function outcomeOf(answer: Promise<object | undefined>): Promise<object> {
  try {
    const value = await answer;
    if (!value) throw new ProblemError('deadline-exceeded');
    return { result: { $case: 'response', value } };
  } catch (error) {
    if (error instanceof Unimplemented) throw error;
    return { result: { $case: 'error', value: itemFailureOf(problemOf(error)) } };
  }
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function statusOfFake(error: unknown): Partial<RpcStatus> {
  if (error instanceof Unimplemented) return { code: GrpcStatus.UNIMPLEMENTED, details: error.message };
  return statusOf(problemOf(error));
}

class Unimplemented extends Error {}

/** startGrpcFake: a fake of one service that listens on a free port. */
export async function startGrpcFake<const S extends ServiceDefinition>(service: S, handlers: FakeHandlers<S> = {}): Promise<GrpcFake<S>> {
  const fake = new GrpcFake(service, handlers);
  await fake.restart();
  return fake;
}
