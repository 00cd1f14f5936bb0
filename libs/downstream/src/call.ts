import type { RequestContext } from '@facet/context';
import { DownstreamError } from '@facet/errors';
import { Waiter } from './waiter.js';

/** CallHolder: where a call is just now; is told when nobody waits for it any more. */
export interface CallHolder {
  deserted(): void;
}

/**
 * Call: one thing to ask of a service, with everybody who waits for its answer: equal reads of one caller that have not been sent yet are one call. Each waiter leaves by
 * itself; the call lasts as long as the last of them.
 */
export class Call {
  /** How often it has been sent. */
  attempts = 0;
  /** When it was asked for, and again when it was to be tried again; monotonic milliseconds. */
  since = performance.now();
  holder: CallHolder | undefined;
  /** Somebody's time was over before there was an answer. */
  timedOut = false;
  readonly #waiters: Waiter[] = [];
  #living = 0;
  #deadline = 0;

  constructor(
    readonly dependency: string,
    /** The caller's internal token for the service. */
    readonly token: string,
    readonly bytes: Buffer,
    /** Equal reads of one caller have the same; empty where none may join. */
    readonly key: string,
    private readonly onEnd: () => void,
  ) {}

  /** Somebody waits for it. */
  get living(): boolean {
    return this.#living > 0;
  }

  /** Of the most patient waiter, in epoch milliseconds. */
  get deadline(): number {
    return this.#deadline;
  }

  /** Of the least patient waiter who still waits; Infinity where nobody does. */
  get nextDeadline(): number {
    let next = Infinity;
    for (const { settled, deadline } of this.#waiters) if (!settled && deadline < next) next = deadline;
    return next;
  }

  /** Of the first who waits: the request that logs and traces of the service show. */
  get context(): RequestContext | undefined {
    return this.#waiters.find(({ settled }) => !settled)?.context;
  }

  /** One more waits for it, until then. */
  join(context: RequestContext, deadline: number): Promise<unknown> {
    this.#living++;
    this.#deadline = Math.max(this.#deadline, deadline);
    const waiter = new Waiter(context, deadline, () => this.#left());
    this.#waiters.push(waiter);
    return waiter.answer;
  }

  /** Gives everybody the answer. What several get, none can change. */
  resolve(answer: unknown): void {
    if (this.#waiters.length > 1) deepFreeze(answer);
    for (const waiter of this.#waiters) waiter.resolve(answer);
  }

  reject(error: unknown): void {
    for (const waiter of this.#waiters) waiter.reject(error);
  }

  /** Ends the waiting of those whose time is over, and gives the next deadline. */
  expire(now: number): number {
    for (const waiter of this.#waiters) {
      if (waiter.settled || waiter.deadline > now) continue;
      this.timedOut = true;
      waiter.reject(new DownstreamError(this.dependency, 'timeout'));
    }
    return this.nextDeadline;
  }

  #left(): void {
    if (--this.#living > 0) return;
    this.onEnd();
    this.holder?.deserted();
  }
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
}
