import type { Call, CallHolder } from './call.js';
import { DeadlineWatch } from './deadline-watch.js';
import type { Flight } from './flight.js';
import { formBatches, type BatchBounds, type HomeOf } from './form-batches.js';
import type { LatencyWindow } from './latency-window.js';

/** DepartureOptions: when calls leave, how many together, and how. */
export interface DepartureOptions {
  /** Batches on the wire while the rest gathers; Infinity where nothing has to wait, 0 where nothing can leave yet. */
  readonly slots: () => number;
  readonly bounds: BatchBounds;
  /** Calls with another home do not travel together. */
  readonly homeOf: HomeOf | undefined;
  /** Of batches on the wire. */
  readonly latency: LatencyWindow;
  /** Sends calls together; gives nothing where they did not leave. */
  readonly depart: (calls: readonly Call[]) => Flight | undefined;
}

/** Below this, a batch is not late but unlucky. */
const leastLateMs = 5;
/** So many times the slots may be on the wire when all of them are stuck. */
const mostStuck = 8;
/** Callers whose names are remembered. One who is forgotten gets a new name: his next call then joins none of his earlier ones. */
const mostCallers = 10_000;

/**
 * DepartureQueue: the calls to one method that have not been sent yet. They leave with the turn of the event loop in which they came, as
 * long as a slot is free; else when a batch has landed, or when the oldest on the wire is later than 95 of 100 are, so that no stuck batch
 * holds everybody up. So waiting costs nothing when it is quiet, and batches grow under load.
 */
export class DepartureQueue implements CallHolder {
  #waiting: Call[] = [];
  readonly #joinable = new Map<string, Call>();
  /** Short names of the callers of calls that wait. None is given twice: a call that is tried again keeps its caller's name of then. */
  readonly #callers = new Map<string, number>();
  #named = 0;
  /** Calls that are to be tried again, but not yet. */
  readonly #resting = new Set<Call>();
  readonly #flying = new Set<Flight>();
  readonly #watch = new DeadlineWatch((now) => this.#expire(now));
  readonly #options: DepartureOptions;
  #scheduled = false;
  #unsticking: NodeJS.Timeout | undefined;

  constructor(options: DepartureOptions) {
    this.#options = options;
  }

  /** What equal calls of one caller have in common. */
  keyOf(token: string, bytes: Buffer): string {
    let caller = this.#callers.get(token);
    if (caller === undefined) {
      if (this.#callers.size >= mostCallers) this.#callers.clear();
      this.#callers.set(token, (caller = this.#named++));
    }
    return `${caller} ${bytes.toString('latin1')}`;
  }

  /** The call of this key that still waits to be sent. */
  find(key: string): Call | undefined {
    const call = this.#joinable.get(key);
    return call?.living ? call : undefined;
  }

  /** One more waits for a call that waits to be sent, no longer than until this deadline. */
  cover(deadline: number): void {
    if (!this.#scheduled) this.#watch.cover(deadline);
  }

  /** Adds a call; one with a key can be found until it has left. */
  add(call: Call): void {
    call.holder = this;
    this.#waiting.push(call);
    if (call.key) this.#joinable.set(call.key, call);
    if (this.#free()) this.#schedule();
    else this.#await(call.nextDeadline);
  }

  /** Adds calls that are to be tried again after so many milliseconds. */
  rest(calls: readonly Call[], ms: number): void {
    for (const call of calls) {
      call.holder = this;
      this.#resting.add(call);
      this.#watch.cover(call.nextDeadline);
    }
    setTimeout(() => this.#wake(calls), ms);
  }

  /** A flight takes a slot until it has landed. */
  follow(flight: Flight): void {
    this.#flying.add(flight);
  }

  /** A flight has ended. */
  landed(flight: Flight): void {
    this.#flying.delete(flight);
    if (this.#waiting.length > 0) this.#schedule();
  }

  /** Calls without anybody who waits are left behind at the next departure. */
  deserted(): void {}

  #wake(calls: readonly Call[]): void {
    for (const call of calls) {
      this.#resting.delete(call);
      call.since = performance.now();
      if (call.living) this.add(call);
    }
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#depart());
  }

  #depart(): void {
    this.#scheduled = false;
    const { bounds, homeOf } = this.#options;
    const now = Date.now();
    const ready = this.#waiting.filter((call) => call.expire(now) !== Infinity);
    this.#waiting = [];
    this.#joinable.clear();
    for (const batch of formBatches(ready, bounds, now, homeOf)) {
      if (!this.#free()) this.#keep(batch);
      else {
        const flight = this.#options.depart(batch);
        if (flight) this.follow(flight);
      }
    }
    if (this.#joinable.size === 0) this.#callers.clear();
  }

  #keep(batch: readonly Call[]): void {
    for (const call of batch) {
      this.#waiting.push(call);
      if (call.key) this.#joinable.set(call.key, call);
      this.#await(call.nextDeadline);
    }
  }

  #free(): boolean {
    const slots = this.#options.slots();
    if (this.#flying.size < slots) return true;
    if (this.#flying.size >= slots * mostStuck) return false;
    const lateMs = this.#lateMs();
    let stuck = 0;
    for (const { ageMs } of this.#flying) if (ageMs >= lateMs) stuck++;
    return this.#flying.size - stuck < slots;
  }

  /** Waits for a slot, no longer than until this deadline. */
  #await(deadline: number): void {
    this.#watch.cover(deadline);
    if (this.#unsticking) return;
    let youngest = Infinity;
    const lateMs = this.#lateMs();
    for (const { ageMs } of this.#flying) if (ageMs < lateMs) youngest = Math.min(youngest, lateMs - ageMs);
    this.#unsticking = setTimeout(() => this.#unstick(), Math.min(youngest, lateMs) + 1);
  }

  #unstick(): void {
    this.#unsticking = undefined;
    if (this.#waiting.length > 0) this.#schedule();
  }

  #lateMs(): number {
    return Math.max(leastLateMs, this.#options.latency.p95Ms);
  }

  #expire(now: number): number {
    let next = Infinity;
    for (const call of this.#waiting) next = Math.min(next, call.expire(now));
    for (const call of this.#resting) next = Math.min(next, call.expire(now));
    return next;
  }
}
