/** BulkheadPolicy: how many RPCs to one target may be on the wire, and how many calls may wait for an answer. */
export interface BulkheadPolicy {
  readonly rpcs: number;
  readonly waiting: number;
}

/** Bulkhead: bounds what one target can hold up of this process: RPCs on the wire, and calls that wait. One per target. */
export class Bulkhead {
  readonly #policy: BulkheadPolicy;
  #rpcs = 0;
  #waiting = 0;

  constructor(policy: BulkheadPolicy = { rpcs: 500, waiting: 10_000 }) {
    this.#policy = policy;
  }

  /** RPCs on the wire. */
  get rpcs(): number {
    return this.#rpcs;
  }

  /** Calls that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** A call wants to wait; false means that it is shed. What entered leaves once. */
  enter(): boolean {
    if (this.#waiting >= this.#policy.waiting) return false;
    this.#waiting++;
    return true;
  }

  leave(): void {
    this.#waiting--;
  }

  /** An RPC wants to go on the wire; false means that it stays here. What departed lands once. */
  depart(): boolean {
    if (this.#rpcs >= this.#policy.rpcs) return false;
    this.#rpcs++;
    return true;
  }

  land(): void {
    this.#rpcs--;
  }
}
