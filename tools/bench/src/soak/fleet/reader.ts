import { quantile, tally } from '../arithmetic.js';
import { send } from '../send.js';

/** A read, and when. Epoch milliseconds. */
export interface Read {
  readonly at: number;
  readonly endedAt: number;
  readonly status: number;
}

const everyMs = 20;

/** Somebody who reads a screen fifty times a second, however long the answers take. */
export class Reader {
  readonly #reads: Read[] = [];
  readonly #pending = new Set<Promise<unknown>>();
  readonly #timer: NodeJS.Timeout;
  #count = 0;

  constructor(url: string, tokens: readonly string[]) {
    this.#timer = setInterval(() => {
      const token = tokens[this.#count++ % tokens.length]!;
      const reading = this.#read(url, token).finally(() => this.#pending.delete(reading));
      this.#pending.add(reading);
    }, everyMs);
  }

  /** Those that were begun since then, once all of them are answered. */
  async since(at: number): Promise<readonly Read[]> {
    const until = Date.now();
    await Promise.all(this.#pending);
    return this.#reads.filter((read) => read.at >= at && read.at < until);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#pending);
  }

  async #read(url: string, token: string): Promise<void> {
    const at = Date.now();
    const status = await send({ url, token }).then(
      (received) => received.status ?? 0,
      () => 0,
    );
    this.#reads.push({ at, endedAt: Date.now(), status });
  }
}

export const failedOf = (reads: readonly Read[]): readonly Read[] => reads.filter(({ status }) => status !== 200);

export function p99Of(reads: readonly Read[]): number {
  const latencies = reads.map(({ at, endedAt }) => endedAt - at);
  return quantile(latencies, 0.99);
}

/** In words. */
export function textOf(reads: readonly Read[]): string {
  return `${reads.length} reads (${tally(reads.map(({ status }) => String(status)))}), p99 ${p99Of(reads)} ms`;
}
