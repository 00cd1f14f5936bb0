import { randomUUID } from 'node:crypto';
import type { ServerUnaryCall } from '@grpc/grpc-js';
import { ProblemError } from '@facet/errors';
import { readHeaders } from './rpc-metadata.js';
import type { BatchContext } from './rpc.decorator.js';

/** RawCall: a unary call whose messages are bytes. */
export type RawCall = ServerUnaryCall<Buffer, Buffer>;

/** How long a call may take whose client names no deadline. */
const unboundedMs = 10_000;

/** CallScope: until when one call is wanted and who asked; its signal is aborted when the client hangs up or the deadline passes. */
export class CallScope implements BatchContext {
  readonly deadline: number;
  readonly requestId: string;
  readonly traceparent: string | undefined;
  readonly token: string | undefined;
  readonly #ended = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(call: RawCall) {
    const deadline = Number(call.getDeadline());
    this.deadline = Number.isFinite(deadline) ? deadline : Date.now() + unboundedMs;
    const { token, requestId, traceparent } = readHeaders(call.metadata);
    this.token = token;
    this.requestId = requestId ?? randomUUID();
    this.traceparent = traceparent;
    this.#timer = setTimeout(() => this.end('deadline-exceeded'), this.remainingMs());
    call.on('cancelled', () => this.end(this.remainingMs() === 0 ? 'deadline-exceeded' : 'client-closed-request'));
    if (call.cancelled) this.end('client-closed-request');
  }

  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  remainingMs(): number {
    return Math.max(0, this.deadline - Date.now());
  }

  /** The outcome of `work`, or why nobody waits for it any more. */
  race<T>(work: Promise<T>): Promise<T> {
    if (this.signal.aborted) return Promise.reject(this.signal.reason);
    return new Promise((resolve, reject) => {
      this.signal.addEventListener('abort', () => reject(this.signal.reason), { once: true });
      work.then(resolve, reject);
    });
  }

  /** Nothing is aborted any more: the call has been answered. */
  close(): void {
    clearTimeout(this.#timer);
  }

  /** Aborts what is done for the call. */
  end(code: 'deadline-exceeded' | 'client-closed-request' | 'dependency-unavailable'): void {
    clearTimeout(this.#timer);
    this.#ended.abort(new ProblemError(code));
  }
}
