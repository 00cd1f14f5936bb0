const perOctave = 4;
/** The first bucket ends here. */
const leastMs = 0.1;
const buckets = 80;

/** LatencyHistogram: latencies in buckets a quarter of an octave wide, 0.1 ms to 100 s, for medians of one instance or of many. */
export class LatencyHistogram {
  readonly #counts = new Float64Array(buckets);
  #total = 0;

  get total(): number {
    return this.#total;
  }

  record(ms: number): void {
    const bucket = ms > leastMs ? Math.min(buckets - 1, Math.ceil(perOctave * Math.log2(ms / leastMs))) : 0;
    this.#counts[bucket]! += 1;
    this.#total++;
  }

  /** What was recorded so far counts half from now on. */
  halve(): void {
    for (let bucket = 0; bucket < buckets; bucket++) this.#counts[bucket]! /= 2;
    this.#total /= 2;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#total = 0;
  }

  /** Adds what another one has, so many times; -1 takes it away. */
  add(other: LatencyHistogram, times = 1): void {
    for (let bucket = 0; bucket < buckets; bucket++) this.#counts[bucket]! += times * other.#counts[bucket]!;
    this.#total += times * other.#total;
  }

  /** In milliseconds, right to a tenth of it; NaN of nothing. */
  get median(): number {
    let rest = this.#total / 2;
    for (let bucket = 0; bucket < buckets; bucket++) {
      const count = this.#counts[bucket]!;
      if (count > 0 && rest <= count) return leastMs * 2 ** ((bucket - 1 + rest / count) / perOctave);
      rest -= count;
    }
    return NaN;
  }
}
