import type { Caller } from '@facet/context';
import { Groups } from './groups.js';

/** KeptAnswer: an answer, whose it is, when it was asked for (epoch milliseconds), and the bytes that it counts for. */
export interface KeptAnswer {
  readonly caller: Caller;
  readonly answer: Buffer;
  readonly askedAt: number;
  readonly bytes: number;
}

/** KeepBounds: how many answers are kept, and how many bytes they and their keys count for together. */
export interface KeepBounds {
  readonly entries: number;
  readonly bytes: number;
}

/** KeptAnswers: answers by key, and by whom they belong to. Bounded in entries and bytes: the one used longest ago goes first. */
export class KeptAnswers {
  /** In the order of use, the latest last. */
  readonly #kept = new Map<string, KeptAnswer>();
  readonly #keysOf = new Groups<string>();
  #bytes = 0;

  constructor(private readonly bounds: KeepBounds) {}

  get(key: string): KeptAnswer | undefined {
    return this.#kept.get(key);
  }

  /** Keeps the answer, as the latest used one, in place of the one with that key. One that is too large by itself is not kept. */
  keep(key: string, kept: KeptAnswer): void {
    this.forget(key);
    const bytes = kept.bytes + key.length;
    if (bytes > this.bounds.bytes) return;
    this.#kept.set(key, kept);
    this.#bytes += bytes;
    this.#keysOf.add(kept.caller.subject, key);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.bounds.entries && this.#bytes <= this.bounds.bytes) return;
      this.forget(oldest);
    }
  }

  forget(key: string): void {
    const kept = this.#kept.get(key);
    if (!kept) return;
    this.#kept.delete(key);
    this.#bytes -= kept.bytes + key.length;
    this.#keysOf.delete(kept.caller.subject, key);
  }

  forgetAllOf(subject: string): void {
    for (const key of this.#keysOf.of(subject)) this.forget(key);
  }

  forgetCallers(isOver: (caller: Caller) => boolean): void {
    for (const [key, { caller }] of this.#kept) if (isOver(caller)) this.forget(key);
  }
}
