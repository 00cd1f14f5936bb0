/** RetryBudgetPolicy: tokens of a full budget, and the part of a token that each success brings back. */
export interface RetryBudgetPolicy {
  readonly tokens: number;
  readonly ratio: number;
}

/**
 * RetryBudget: the throttle of gRFC A6, counted in items, one per target. It starts full; a failed item takes a token, a successful one
 * brings back `ratio` of one, and items may be tried again only while more than half is left. So a service that fails everything sees a few
 * retries, then none.
 */
export class RetryBudget {
  /** Thousandths, whole ones: sums of 0.1 are not exact. */
  readonly #full: number;
  readonly #gain: number;
  #left: number;

  constructor({ tokens, ratio }: RetryBudgetPolicy) {
    this.#full = Math.round(tokens * 1_000);
    this.#gain = Math.round(ratio * 1_000);
    this.#left = this.#full;
  }

  /** More than half of the tokens is left. */
  get allows(): boolean {
    return this.#left * 2 > this.#full;
  }

  succeeded(items: number): void {
    this.#left = Math.min(this.#full, this.#left + items * this.#gain);
  }

  failed(items: number): void {
    this.#left = Math.max(0, this.#left - items * 1_000);
  }
}
