import type { Member } from '@facet/balancing';
import type { RequestContext } from '@facet/context';
import { DownstreamError } from '@facet/errors';
import { deepFreeze } from './deep-freeze.js';
import { Waiter, type Waited } from './waiter.js';

/** CallHolder: where a call is just now; is told when nobody waits for it any more. */
export interface CallHolder {
  deserted(): void;
}

/** CallInit: what a call asks, and for whom. */
export interface CallInit {
  readonly dependency: string;
  /** The caller's internal token for the service. */
  readonly token: string;
  /** The request. */
  readonly bytes: Buffer;
  /** Equal reads of one caller have the same; empty where none may join. */
  readonly key: string;
  /** Calls with the same go to the same instance, where the policy is so. */
  readonly affinity?: string | undefined;
  /** Told when nobody waits any more. */
  readonly onEnd: () => void;
}

/**
 * Call: one thing to ask of a service, with everybody who waits for its answer: equal reads of one caller that have not been sent yet are
 * one call. Each waiter leaves by itself; the call lasts as long as the last of them.
 */
export class Call implements Waited {
  readonly token: string;
  readonly bytes: Buffer;
  readonly key: string;
  readonly affinity: string | undefined;
  /** When it was asked for, and again when it was to be tried again; monotonic milliseconds. */
  since = performance.now();
  /** How often it has been sent. */
  attempts = 0;
  /** Where it was sent last. */
  triedAt: Member | undefined;
  holder: CallHolder | undefined;
  /** Somebody's time was over before there was an answer. */
  timedOut = false;
  readonly #dependency: string;
  readonly #onEnd: () => void;
  #first: Waiter | undefined;
  #others: Waiter[] | undefined;
  #living = 0;

  constructor({ dependency, token, bytes, key, affinity, onEnd }: CallInit) {
    this.token = token;
    this.bytes = bytes;
    this.key = key;
    this.affinity = affinity;
    this.#dependency = dependency;
    this.#onEnd = onEnd;
  }

  /** Somebody waits for it. */
  get living(): boolean {
    return this.#living > 0;
  }

  /** Of the most patient waiter who still waits, in epoch milliseconds; 0 where nobody does. */
  get deadline(): number {
    let last = this.#first?.settled === false ? this.#first.deadline : 0;
    if (this.#others) for (const { settled, deadline } of this.#others) if (!settled) last = Math.max(last, deadline);
    return last;
  }

  /** Of the least patient waiter who still waits; Infinity where nobody does. */
  get nextDeadline(): number {
    let next = deadlineOf(this.#first);
    if (this.#others) for (const waiter of this.#others) next = Math.min(next, deadlineOf(waiter));
    return next;
  }

  /** Of the first who waits: the request that logs and traces of the service show. */
  get context(): RequestContext | undefined {
    const first = this.#first?.settled === false ? this.#first : this.#others?.find(({ settled }) => !settled);
    return first?.context;
  }

  /** One more waits for it, until then. */
  join(context: RequestContext, deadline: number): Promise<unknown> {
    this.#living++;
    const waiter = new Waiter(context, deadline, this);
    if (this.#first) (this.#others ??= []).push(waiter);
    else this.#first = waiter;
    return waiter.answer;
  }

  /** Gives everybody the answer. What several get, none can change. */
  resolve(answer: unknown): void {
    if (this.#others) deepFreeze(answer);
    this.#first?.resolve(answer);
    if (this.#others) for (const waiter of this.#others) waiter.resolve(answer);
  }

  reject(error: unknown): void {
    this.#first?.reject(error);
    if (this.#others) for (const waiter of this.#others) waiter.reject(error);
  }

  /** Ends the waiting of those whose time is over, and gives the next deadline. */
  expire(now: number): number {
    this.#expireOne(this.#first, now);
    if (this.#others) for (const waiter of this.#others) this.#expireOne(waiter, now);
    return this.nextDeadline;
  }

  left(): void {
    if (--this.#living > 0) return;
    this.#onEnd();
    this.holder?.deserted();
  }

  #expireOne(waiter: Waiter | undefined, now: number): void {
    if (deadlineOf(waiter) > now) return;
    this.timedOut = true;
    waiter?.reject(new DownstreamError(this.#dependency, 'timeout'));
  }
}

function deadlineOf(waiter: Waiter | undefined): number {
  return waiter?.settled === false ? waiter.deadline : Infinity;
}
