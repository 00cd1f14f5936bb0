/** BackoffPolicy: the mean of the first wait is half of `baseMs`; each next one is twice as long, and none exceeds `capMs`. */
export interface BackoffPolicy {
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * fullJitterMs: how long to wait after the `attempt`-th try (the first is 1) has failed: anything from 0 to min(capMs, baseMs · 2^(attempt
 * − 1)), all equally likely, so that those who failed together do not return together ("Exponential Backoff And Jitter", AWS Architecture
 * Blog).
 */
export function fullJitterMs(attempt: number, { baseMs, capMs }: BackoffPolicy, random: () => number = Math.random): number {
  return random() * Math.min(capMs, baseMs * 2 ** (attempt - 1));
}
