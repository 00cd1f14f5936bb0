import { ItemWindow } from './item-window.js';

/** BreakerPolicy: when a breaker opens, for how long, and how it tries again. */
export interface BreakerPolicy {
  /** Part of the items in the window that has to fail, 0 to 1. */
  readonly failureRatio: number;
  /** So many items the window holds before it says anything. */
  readonly minimumItems: number;
  readonly windowMs: number;
  /** How long it stays open the first time; twice as long after each failed probe. */
  readonly openMs: number;
  readonly mostOpenMs: number;
  /** So many RPCs at a time find out whether the target is back. */
  readonly probes: number;
}

/** BreakerState: `open` lets nothing through, `half_open` a probe. */
export type BreakerState = 'closed' | 'open' | 'half_open';

/**
 * CircuitBreaker: stops calls to what fails anyway (M. Nygard, Release It!), one per method and target. It counts items, not RPCs, over a
 * rolling window, and hears only of what the wire said: callers that hung up and calls that waited too long in a queue are none of its
 * business. It has no timer: an open breaker is half open as soon as somebody asks after its time.
 */
export class CircuitBreaker {
  /** Told of each change of state. */
  onChange: ((state: BreakerState) => void) | undefined;
  readonly #policy: BreakerPolicy;
  readonly #now: () => number;
  readonly #window: ItemWindow;
  #state: BreakerState = 'closed';
  /** Grows with each change of state, so that an RPC that left before the last one is told from a probe. */
  #era = 0;
  #probing = 0;
  #openForMs: number;
  #openedAt = 0;

  constructor(policy: BreakerPolicy, now: () => number = Date.now) {
    this.#policy = policy;
    this.#now = now;
    this.#window = new ItemWindow(policy.windowMs);
    this.#openForMs = policy.openMs;
  }

  get state(): BreakerState {
    if (this.#state === 'open' && this.#openIsOver(this.#now())) this.#become('half_open');
    return this.#state;
  }

  /** A call may queue; else it fails at once. Asked again before a departure: what queued while a probe was free may be several RPCs. */
  admits(): boolean {
    const state = this.state;
    return state === 'closed' || (state === 'half_open' && this.#probing < this.#policy.probes);
  }

  /** An RPC leaves, as a probe where the breaker is half open. Gives the era, which `landed` or `left` hands back when it has ended. */
  departed(): number {
    if (this.state === 'half_open') this.#probing++;
    return this.#era;
  }

  /** An RPC has ended with so many items that succeeded and that failed. What left in an earlier era says nothing about this one. */
  landed(succeededItems: number, failedItems: number, era = this.#era): void {
    if (era !== this.#era) return;
    if (succeededItems + failedItems === 0) return this.left(era);
    if (this.#state === 'closed') this.#count(succeededItems, failedItems);
    else if (this.#state === 'half_open') this.#decide(succeededItems, failedItems);
  }

  /** An RPC has ended without telling anything: its callers hung up. */
  left(era = this.#era): void {
    if (era === this.#era && this.#probing > 0) this.#probing--;
  }

  /** What succeeds opens nothing, though with it there may be enough to judge by: the target may be back. */
  #count(succeeded: number, failed: number): void {
    const now = this.#now();
    this.#window.add(succeeded, failed, now);
    const { items, failed: failedItems } = this.#window;
    if (failed > 0 && items >= this.#policy.minimumItems && this.#fails(failedItems, items)) this.#open(now);
  }

  #decide(succeeded: number, failed: number): void {
    if (this.#fails(failed, succeeded + failed)) {
      this.#openForMs = Math.min(this.#policy.mostOpenMs, this.#openForMs * 2);
      this.#open(this.#now());
    } else {
      this.#openForMs = this.#policy.openMs;
      this.#window.clear();
      this.#become('closed');
    }
  }

  #fails(failed: number, items: number): boolean {
    return failed >= items * this.#policy.failureRatio;
  }

  /** Also where the clock was set back to before it opened: nobody knows then how long it has been. */
  #openIsOver(now: number): boolean {
    return now >= this.#openedAt + this.#openForMs || now < this.#openedAt;
  }

  #open(now: number): void {
    this.#openedAt = now;
    this.#become('open');
  }

  #become(state: BreakerState): void {
    this.#state = state;
    this.#era++;
    this.#probing = 0;
    this.onChange?.(state);
  }
}
