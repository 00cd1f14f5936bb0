import type { RequestContext } from '@facet/context';
import { DownstreamError } from '@facet/errors';
import { fingerprintOf } from './caller-fingerprint.js';

interface Kept {
  readonly answer: unknown;
  readonly at: number;
}

/**
 * LastGood: the last good answers of calls whose context is content with an old one, by caller, method and request. Bounded: the answer that was used
 * longest ago goes first.
 */
export class LastGood {
  readonly #kept = new Map<string, Kept>();

  constructor(private readonly size = 5_000) {}

  /** A fresh answer; or, where the dependency gives none, the kept one of this very call, with the dependency noted as degraded. */
  async orKept(context: RequestContext, path: string, request: Buffer, ask: () => Promise<unknown>): Promise<unknown> {
    const key = `${path} ${fingerprintOf(context.caller)} ${request.toString('latin1')}`;
    try {
      const answer = await ask();
      this.#keep(key, { answer, at: Date.now() });
      return answer;
    } catch (error) {
      const kept = this.#kept.get(key);
      if (!(error instanceof DownstreamError) || !kept || Date.now() - kept.at > (context.maxStaleMs ?? 0)) throw error;
      this.#keep(key, kept);
      context.degrade({ dependency: error.dependency, reason: error.reason });
      return kept.answer;
    }
  }

  #keep(key: string, kept: Kept): void {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.size && oldest !== undefined) this.#kept.delete(oldest);
  }
}
