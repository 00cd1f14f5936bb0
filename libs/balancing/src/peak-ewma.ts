/** After a failure an instance counts as twice as slow as before, up to this: what fails fast is not taken for fast. */
const failureMs = 1_000;
const leastFailureMs = 10;

/**
 * PeakEwma: a moving average of latencies that believes a rise at once and a fall only with time (Finagle). Without news it fades, so that an
 * instance that was slow is tried again.
 */
export class PeakEwma {
  #ms = 0;
  #at = 0;
  #measured = false;

  constructor(private readonly decayMs: number) {}

  get measured(): boolean {
    return this.#measured;
  }

  at(now: number): number {
    return this.#ms * this.#fading(now);
  }

  succeeded(ms: number, now: number): void {
    const rest = this.#fading(now);
    this.#ms = !this.#measured || ms > this.#ms ? ms : ms * (1 - rest) + this.#ms * rest;
    this.#at = now;
    this.#measured = true;
  }

  failed(ms: number, now: number): void {
    const doubled = 2 * Math.max(this.at(now), leastFailureMs);
    this.#ms = Math.max(ms, Math.min(doubled, failureMs), this.at(now));
    this.#at = now;
    this.#measured = true;
  }

  #fading(now: number): number {
    return Math.exp(-Math.max(0, now - this.#at) / this.decayMs);
  }
}
