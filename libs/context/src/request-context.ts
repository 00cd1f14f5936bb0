import { DownstreamError, ProblemError, type Degradation } from '@facet/errors';
import type { Caller } from './caller.js';

/** ContextInit: what a context is made of. */
export interface ContextInit {
  readonly caller: Caller;
  /** Point in time, in epoch milliseconds, at which the answer is worth nothing any more. */
  readonly deadline: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Name of the request in logs, of our own making. */
  readonly requestId: string;
  /** W3C trace context of the current span, where there is one. */
  readonly traceparent?: string;
  /** How old a kept answer may be that stands in for a dependency without one. Absent: none may. */
  readonly maxStaleMs?: number;
  /** What the answer had to do without, over all narrower contexts of the request. */
  readonly degradations?: Degradation[];
}

/**
 * RequestContext: who is calling, until when, and whether anybody still waits. Travels as one immutable value (but for the list of what was missing), as the last argument of every call
 * that leaves the process. A narrower context is a new value; the deadline never moves out.
 */
export class RequestContext implements ContextInit {
  readonly caller: Caller;
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly requestId: string;
  readonly traceparent: string | undefined;
  readonly maxStaleMs: number | undefined;
  readonly degradations: Degradation[];

  constructor({ caller, deadline, signal, requestId, traceparent, maxStaleMs, degradations = [] }: ContextInit) {
    this.caller = caller;
    this.deadline = deadline;
    this.signal = signal;
    this.requestId = requestId;
    this.traceparent = traceparent;
    this.maxStaleMs = maxStaleMs;
    this.degradations = degradations;
  }

  /** The same request with at most `ms` milliseconds from now. */
  atMost(ms: number): RequestContext {
    return new RequestContext({ ...this, deadline: Math.min(this.deadline, Date.now() + ms) });
  }

  /** The same request, ended by another signal. The caller sees to it that it aborts whenever this one's does. */
  endedBy(signal: AbortSignal): RequestContext {
    return new RequestContext({ ...this, signal });
  }

  /** The same request, content with a kept answer of at most this age where there is no fresh one. */
  allowStale(maxStaleMs: number): RequestContext {
    return new RequestContext({ ...this, maxStaleMs });
  }

  /** Notes that the answer had to do without a dependency; the first reason counts. */
  degrade(degradation: Degradation): void {
    if (this.degradations.some(({ dependency }) => dependency === degradation.dependency)) return;
    this.degradations.push(degradation);
  }

  /** Names of the dependencies that the answer had to do without, sorted. */
  degraded(): string[] {
    return this.degradations.map(({ dependency }) => dependency).sort();
  }

  /** Milliseconds left, never negative. */
  remainingMs(): number {
    return Math.max(0, this.deadline - Date.now());
  }

  /** Throws where nobody waits any more or the time is spent, so that nothing is started in vain. `dependency` is what was about to be called. */
  throwIfEnded(dependency: string): void {
    if (this.signal.aborted) throw new ProblemError('client-closed-request', { cause: this.signal.reason });
    if (this.remainingMs() === 0) throw new DownstreamError(dependency, 'timeout');
  }
}
