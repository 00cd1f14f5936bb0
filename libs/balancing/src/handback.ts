/** HandbackOptions: everything has a default. */
export interface HandbackOptions {
  /** So long it takes until the primary, once it is usable again, has all calls; 10,000 unless told. */
  readonly rampMs?: number | undefined;
  /** The share of the calls that it has at once; 0.1 unless told. */
  readonly firstShare?: number | undefined;
  /** Milliseconds that never go back. */
  readonly now?: (() => number) | undefined;
  readonly random?: (() => number) | undefined;
}

/**
 * Handback: failover between two fleets in order of priority. The backup takes over at once; the primary, once it is usable again, gets its
 * calls back little by little, so that a service that has just come up is not knocked down by all of them.
 */
export class Handback {
  readonly #rampMs: number;
  readonly #firstShare: number;
  readonly #now: () => number;
  readonly #random: () => number;
  /** Since when the primary is usable again; Infinity while it is not, undefined where it has all calls. */
  #since: number | undefined;

  constructor(options: HandbackOptions = {}) {
    this.#rampMs = options.rampMs ?? 10_000;
    this.#firstShare = options.firstShare ?? 0.1;
    this.#now = options.now ?? (() => performance.now());
    this.#random = options.random ?? Math.random;
  }

  /** Which of the two takes the next call. */
  choose(primaryUsable: boolean): 'primary' | 'backup' {
    if (!primaryUsable) {
      this.#since = Infinity;
      return 'backup';
    }
    if (this.#since === undefined) return 'primary';
    return this.#random() < this.#share(this.#now()) ? 'primary' : 'backup';
  }

  #share(now: number): number {
    this.#since = Math.min(this.#since ?? now, now);
    const passed = this.#rampMs > 0 ? (now - this.#since) / this.#rampMs : 1;
    if (passed >= 1) this.#since = undefined;
    return this.#firstShare + (1 - this.#firstShare) * passed;
  }
}
