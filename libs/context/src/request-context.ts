import { DownstreamError, ProblemError, type Degradation } from '@facet/errors';
import { AnswerNotes } from './answer-notes.js';
import type { Caller } from './caller.js';
import { Ending } from './ending.js';

/** ContextInit: what a context is made of. */
export interface ContextInit {
  readonly caller: Caller;
  /** Point in time, in epoch milliseconds, at which the answer is worth nothing any more. */
  readonly deadline: number;
  /** Ends when nobody waits for the answer any more. */
  readonly ending: Ending;
  /** Name of the request in logs, of our own making. */
  readonly requestId: string;
  /** W3C trace context of the current span, where there is one. */
  readonly traceparent?: string | undefined;
  /** IP address of the client, where the edge knows it. */
  readonly clientAddress?: string | undefined;
  /** How old a kept answer may be that stands in for a dependency without one. Absent: none may. */
  readonly maxStaleMs?: number | undefined;
  /** What is written down about the answer, over all narrower contexts of the request. */
  readonly notes?: AnswerNotes;
}

/**
 * RequestContext: who is calling, until when, and whether anybody still waits. Travels as one immutable value (but for the notes on the
 * answer), as the last argument of every call that leaves the process. A narrower context is a new value; the deadline never moves out.
 */
export class RequestContext implements ContextInit {
  readonly caller: Caller;
  readonly deadline: number;
  readonly ending: Ending;
  readonly requestId: string;
  readonly traceparent: string | undefined;
  readonly clientAddress: string | undefined;
  readonly maxStaleMs: number | undefined;
  readonly notes: AnswerNotes;

  constructor(
    { caller, deadline, ending, requestId, traceparent, clientAddress, maxStaleMs, notes = new AnswerNotes() }: ContextInit,
    narrower: Partial<Pick<ContextInit, 'deadline' | 'ending' | 'maxStaleMs' | 'notes'>> = {},
  ) {
    this.caller = caller;
    this.deadline = narrower.deadline ?? deadline;
    this.ending = narrower.ending ?? ending;
    this.requestId = requestId;
    this.traceparent = traceparent;
    this.clientAddress = clientAddress;
    this.maxStaleMs = narrower.maxStaleMs ?? maxStaleMs;
    this.notes = narrower.notes ?? notes;
  }

  /** Aborted when nobody waits for the answer any more; for what knows no Ending. */
  get signal(): AbortSignal {
    return this.ending.signal;
  }

  /** The same request with at most `ms` milliseconds from now. */
  atMost(ms: number): RequestContext {
    return new RequestContext(this, { deadline: Math.min(this.deadline, Date.now() + ms) });
  }

  /** The same request, with another ending: a child of this one's. */
  endedBy(ending: Ending): RequestContext {
    return new RequestContext(this, { ending });
  }

  /** The same request, content with a kept answer of at most this age where there is no fresh one; `notes`: where that is written down. */
  allowStale(maxStaleMs: number, notes = this.notes): RequestContext {
    return new RequestContext(this, { maxStaleMs, notes });
  }

  /** The same request, content with fresh answers alone. */
  withoutStale(): RequestContext {
    return this.maxStaleMs === undefined ? this : new RequestContext({ ...this, maxStaleMs: undefined });
  }

  /** What the answer had to do without so far. */
  get degradations(): readonly Degradation[] {
    return this.notes.degradations;
  }

  /** Notes that the answer had to do without a dependency; the first reason counts. */
  degrade(degradation: Degradation): void {
    this.notes.degrade(degradation);
  }

  /** Names of the dependencies that the answer had to do without, sorted. */
  degraded(): string[] {
    return this.degradations.map(({ dependency }) => dependency).sort();
  }

  /** Milliseconds left, never negative. */
  remainingMs(): number {
    return Math.max(0, this.deadline - Date.now());
  }

  /** Throws where nobody waits any more or the time is spent, so that nothing starts in vain. `dependency` is who was to be called. */
  throwIfEnded(dependency: string): void {
    if (this.ending.ended) throw new ProblemError('client-closed-request', { cause: this.ending.reason });
    if (this.deadline <= Date.now()) throw new DownstreamError(dependency, 'timeout');
  }
}
