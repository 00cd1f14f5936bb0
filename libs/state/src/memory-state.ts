import { randomUUID } from 'node:crypto';
import type { Kept, SharedState } from './shared-state.js';

/** MemoryState: the same promises within one process, for tests. What has expired goes when it is met. */
export class MemoryState implements SharedState {
  readonly #entries = new Map<string, Kept & { readonly until: number }>();

  constructor(private readonly now: () => number = () => Date.now()) {}

  async insert(key: string, value: Uint8Array, ttlMs: number): Promise<boolean> {
    if (this.#live(key)) return false;
    this.#set(key, value, ttlMs);
    return true;
  }

  async get(key: string): Promise<Kept | undefined> {
    const entry = this.#live(key);
    return entry && { value: entry.value, version: entry.version };
  }

  async replace(key: string, version: string, value: Uint8Array, ttlMs: number): Promise<string | undefined> {
    return this.#live(key)?.version === version ? this.#set(key, value, ttlMs) : undefined;
  }

  async delete(key: string): Promise<boolean> {
    return this.#live(key) !== undefined && this.#entries.delete(key);
  }

  async ping(): Promise<void> {}

  /** Others may go on with it: several applications of a test share one. */
  async close(): Promise<void> {}

  #live(key: string) {
    const entry = this.#entries.get(key);
    if (!entry || entry.until > this.now()) return entry;
    this.#entries.delete(key);
    return undefined;
  }

  #set(key: string, value: Uint8Array, ttlMs: number): string {
    const version = randomUUID();
    this.#entries.set(key, { value: Buffer.from(value), version, until: this.now() + ttlMs });
    return version;
  }
}
