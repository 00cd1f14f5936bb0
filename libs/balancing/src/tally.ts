import { LatencyHistogram } from './latency-histogram.js';

/** EjectionReason: why an instance was taken out. */
export type EjectionReason = 'consecutive_failures' | 'success_rate' | 'failure_percentage' | 'latency';

/** Tally: what an instance did in the current interval, and its ejection. */
export class Tally {
  /** Items. */
  succeeded = 0;
  failed = 0;
  rpcs = 0;
  /** RPCs in a row that failed. */
  consecutive = 0;
  readonly latency = new LatencyHistogram();
  ejected: EjectionReason | undefined;
  ejectedAt = 0;
  /** gRFC A50: grows with each ejection, shrinks with each interval without one. */
  multiplier = 0;

  get items(): number {
    return this.succeeded + this.failed;
  }

  get successRate(): number {
    return this.succeeded / this.items;
  }

  add(items: number, ms: number, succeeded: boolean): void {
    this.rpcs++;
    if (succeeded) {
      this.succeeded += items;
      this.consecutive = 0;
      this.latency.record(ms);
    } else {
      this.failed += items;
      this.consecutive++;
    }
  }

  /** Begins a new interval. */
  clear(): void {
    this.succeeded = 0;
    this.failed = 0;
    this.rpcs = 0;
  }

  /** Nothing that was seen of it counts any more, except how often it was out. */
  pardon(): void {
    this.clear();
    this.consecutive = 0;
    this.latency.clear();
    this.ejected = undefined;
  }
}
