import { hash } from 'node:crypto';
import type { SharedState } from '@facet/state';
import { Seal } from './seal.js';
import { SessionRecord } from './session-record.js';

/** How long a session lives that nobody uses, and how long any. */
export interface SessionLife {
  readonly idleMs: number;
  readonly maxMs: number;
}

/** A session as it was read, with the version that tells whether it still is so. */
export interface Stored {
  readonly record: SessionRecord;
  readonly version: string;
}

/** The sessions of all replicas, sealed, by a hash of what the browser holds: who reads the store can neither use a session nor its tokens. */
export class SessionStore {
  constructor(
    private readonly state: SharedState,
    private readonly seal: Seal,
    readonly life: SessionLife,
    private readonly now: () => number = () => Date.now(),
  ) {}

  /** The key under which the session of a cookie lies. */
  static keyOf(id: string): string {
    return `session:${hash('sha256', id, 'base64url')}`;
  }

  async read(key: string): Promise<Stored | undefined> {
    const kept = await this.state.get(key);
    const parsed = kept && SessionRecord.safeParse(this.seal.open(kept.value, key));
    return parsed?.success && this.#restMs(parsed.data) > 0 ? { record: parsed.data, version: kept!.version } : undefined;
  }

  insert(key: string, record: SessionRecord): Promise<boolean> {
    return this.state.insert(key, this.seal.seal(record, key), this.#restMs(record));
  }

  /** The new version, or nothing where the session is not as it was any more. */
  replace(key: string, version: string, record: SessionRecord): Promise<string | undefined> {
    return this.state.replace(key, version, this.seal.seal(record, key), Math.max(1, this.#restMs(record)));
  }

  async delete(key: string): Promise<void> {
    await this.state.delete(key);
  }

  /** When it ends if nobody uses it. */
  endsAt({ startedAt, usedAt }: SessionRecord): number {
    return Math.min(startedAt + this.life.maxMs, usedAt + this.life.idleMs);
  }

  #restMs(record: SessionRecord): number {
    return this.endsAt(record) - this.now();
  }
}
