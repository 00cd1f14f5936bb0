/** Kept: what lies under a key right now. */
export interface Kept {
  readonly value: Buffer;
  /** Names this very writing of the value; another writing has another one, ever. */
  readonly version: string;
}

/**
 * SharedState: what the replicas of one application know together: values by key, each until its time is over. Every call has a deadline of its own and
 * fails with `dependency-unavailable` where the engine does not answer in time; whether a change took effect is then not known.
 */
export interface SharedState {
  /** Puts a value where there is none. Of any number of inserts at once, over all replicas, one is told true. */
  insert(key: string, value: Uint8Array, ttlMs: number): Promise<boolean>;
  get(key: string): Promise<Kept | undefined>;
  /** Compare-and-set: puts another value in the place of that version, and of no other. Returns the new version, or nothing where the old one is gone. */
  replace(key: string, version: string, value: Uint8Array, ttlMs: number): Promise<string | undefined>;
  /** Whether there was anything. */
  delete(key: string): Promise<boolean>;
  /** Resolves when the engine answers, rejects otherwise. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
