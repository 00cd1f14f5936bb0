const buckets = 10;

/** ItemWindow: how many items succeeded and failed in the last `windowMs`, in ten buckets; the oldest goes first. Allocates nothing. */
export class ItemWindow {
  readonly #bucketMs: number;
  readonly #succeeded = new Float64Array(buckets);
  readonly #failed = new Float64Array(buckets);
  #tick = 0;
  #items = 0;
  #failedItems = 0;

  constructor(windowMs: number) {
    this.#bucketMs = windowMs / buckets;
  }

  get items(): number {
    return this.#items;
  }

  get failed(): number {
    return this.#failedItems;
  }

  /** Adds items at a point in time. Where the clock was set back, what came before is forgotten. */
  add(succeeded: number, failed: number, now: number): void {
    const tick = Math.floor(now / this.#bucketMs);
    this.#advance(tick);
    const bucket = tick % buckets;
    this.#succeeded[bucket]! += succeeded;
    this.#failed[bucket]! += failed;
    this.#items += succeeded + failed;
    this.#failedItems += failed;
  }

  clear(): void {
    this.#succeeded.fill(0);
    this.#failed.fill(0);
    this.#items = 0;
    this.#failedItems = 0;
  }

  /** Empties the buckets since the last tick, the new one included; none where it is still the last one. */
  #advance(tick: number): void {
    if (tick < this.#tick) this.clear();
    const passed = Math.min(buckets, tick - this.#tick);
    for (let back = 0; back < passed; back++) this.#empty((tick - back) % buckets);
    this.#tick = tick;
  }

  #empty(bucket: number): void {
    this.#items -= this.#succeeded[bucket]! + this.#failed[bucket]!;
    this.#failedItems -= this.#failed[bucket]!;
    this.#succeeded[bucket] = 0;
    this.#failed[bucket] = 0;
  }
}
