/** Count: where a key stands after a hit. Times are in whole seconds, never earlier than the truth. */
export interface Count {
  readonly totalHits: number;
  readonly timeToExpire: number;
  readonly isBlocked: boolean;
  readonly timeToBlockExpire: number;
}

interface Window {
  hits: number;
  readonly endsAt: number;
}

const mostKeys = 200_000;

/**
 * FixedWindows: counts hits per key in windows that begin with a key's first hit. In memory, for one process: at most 200,000 keys, the oldest goes
 * first. The storage port of @nestjs/throttler.
 */
export class FixedWindows {
  private readonly windows = new Map<string, Window>();
  private sweepAt = 0;

  constructor(private readonly now: () => number = Date.now) {}

  /** Windows that are kept, over or not. */
  get size(): number {
    return this.windows.size;
  }

  /** Counts one more hit of a key, as the port has it. */
  increment(key: string, ttlMs: number, limit: number): Promise<Count> {
    return Promise.resolve(this.hit(key, ttlMs, limit));
  }

  /** Counts one more hit of a key. */
  hit(key: string, ttlMs: number, limit: number): Count {
    const now = this.now();
    this.sweep(now, ttlMs);
    const window = this.windowOf(key, now, ttlMs);
    window.hits += 1;
    const timeToExpire = Math.ceil((window.endsAt - now) / 1000);
    const isBlocked = window.hits > limit;
    return { totalHits: window.hits, timeToExpire, isBlocked, timeToBlockExpire: isBlocked ? timeToExpire : 0 };
  }

  private windowOf(key: string, now: number, ttlMs: number): Window {
    const known = this.windows.get(key);
    if (known && known.endsAt > now) return known;
    this.windows.delete(key);
    if (this.windows.size >= mostKeys) this.windows.delete(this.windows.keys().next().value!);
    const window = { hits: 0, endsAt: now + ttlMs };
    this.windows.set(key, window);
    return window;
  }

  private sweep(now: number, ttlMs: number): void {
    if (now < this.sweepAt) return;
    this.sweepAt = now + ttlMs;
    for (const [key, { endsAt }] of this.windows) if (endsAt <= now) this.windows.delete(key);
  }
}
