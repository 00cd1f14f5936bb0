const recordsPerLook = 16;

/**
 * LatencyWindow: the 95th percentile (nearest rank) of the last `size` durations. It is worked out anew every 16 records, so asking costs
 * nothing; before the first 16 it is `initialMs`.
 */
export class LatencyWindow {
  readonly #durations: Float64Array;
  readonly #sorted: Float64Array;
  #records = 0;
  #p95Ms: number;

  constructor(size = 128, initialMs = 100) {
    this.#durations = new Float64Array(size);
    this.#sorted = new Float64Array(size);
    this.#p95Ms = initialMs;
  }

  get p95Ms(): number {
    return this.#p95Ms;
  }

  record(ms: number): void {
    this.#durations[this.#records++ % this.#durations.length] = ms;
    if (this.#records % recordsPerLook === 0) this.#look();
  }

  #look(): void {
    const count = Math.min(this.#records, this.#durations.length);
    const sorted = this.#sorted.subarray(0, count);
    sorted.set(this.#durations.subarray(0, count));
    sorted.sort();
    this.#p95Ms = sorted[Math.ceil(count * 0.95) - 1] ?? this.#p95Ms;
  }
}
