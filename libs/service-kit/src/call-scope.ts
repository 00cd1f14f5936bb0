import { randomUUID } from 'node:crypto';
import type { ServerUnaryCall } from '@grpc/grpc-js';
import { Ending } from '@facet/context';
import { ProblemError } from '@facet/errors';
import { readHeaders } from './rpc-metadata.js';
import type { BatchContext } from './rpc.decorator.js';

/** RawCall: a unary call whose messages are bytes. */
export type RawCall = ServerUnaryCall<Buffer, Buffer>;

/** How long a call may take whose client names no deadline. */
const unboundedMs = 10_000;

/** Whatever is still under way for a call that has its answer is of no use. */
const answered = new ProblemError('client-closed-request', { detail: 'The call has been answered.' });

/**
 * CallScope: until when one call is wanted and who asked. It ends when the client hangs up, when the deadline passes, and when the call has been
 * answered: nothing that is done for a call outlives it.
 */
export class CallScope implements BatchContext {
  readonly deadline: number;
  /** At the deadline the client wants what there is; without it, the client is gone by then. */
  readonly inPart: boolean;
  readonly requestId: string;
  readonly traceparent: string | undefined;
  readonly token: string | undefined;
  /** Who is on the other end by his certificate, the empty name where that is nobody known; undefined without TLS. */
  readonly peer: string | undefined;
  readonly ending = new Ending();
  readonly #timer: NodeJS.Timeout;

  constructor(call: RawCall, peer?: string) {
    const { token, requestId, traceparent, answerWithinMs } = readHeaders(call.metadata);
    const now = Date.now();
    const gone = Number(call.getDeadline());
    this.deadline = Math.min(Number.isFinite(gone) ? gone : now + unboundedMs, now + (answerWithinMs ?? Infinity));
    this.inPart = answerWithinMs !== undefined;
    this.token = token;
    this.peer = peer;
    this.requestId = requestId ?? randomUUID();
    this.traceparent = traceparent;
    this.#timer = setTimeout(() => this.end('deadline-exceeded'), Math.max(0, this.deadline - now));
    call.on('cancelled', () => this.end(this.remainingMs() === 0 ? 'deadline-exceeded' : 'client-closed-request'));
    if (call.cancelled) this.end('client-closed-request');
    else if (this.deadline <= now) this.end('deadline-exceeded');
  }

  get signal(): AbortSignal {
    return this.ending.signal;
  }

  remainingMs(): number {
    return Math.max(0, this.deadline - Date.now());
  }

  /** The outcome of `work`, or why nobody waits for it any more. */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.ending.add({ end: reject });
      work.then(resolve, reject);
    });
  }

  /** The call has been answered. */
  close(): void {
    clearTimeout(this.#timer);
    this.ending.end(answered);
  }

  /** Nobody waits for the answer any more. */
  end(code: 'deadline-exceeded' | 'client-closed-request' | 'dependency-unavailable'): void {
    if (this.ending.ended) return;
    clearTimeout(this.#timer);
    this.ending.end(new ProblemError(code));
  }
}
