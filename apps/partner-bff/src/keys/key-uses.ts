import { Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Identity } from './identity.js';

const everyMs = 60_000;
const mostAtOnce = 1_000;

/** When keys were last used, told to identity-provider once a minute and at the end. What could not be told is told the next time. */
export class KeyUses implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('keys');
  readonly #untold = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly identity: Pick<Identity, 'report'>) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.tell(), everyMs).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.tell();
  }

  note(keyId: string): void {
    this.#untold.set(keyId, Date.now());
  }

  /** Never rejects. */
  async tell(): Promise<void> {
    const uses = [...this.#untold];
    this.#untold.clear();
    for (let from = 0; from < uses.length; from += mostAtOnce) await this.#report(uses.slice(from, from + mostAtOnce));
  }

  async #report(uses: readonly [string, number][]): Promise<void> {
    try {
      await this.identity.report(uses.map(([keyId, at]) => ({ keyId, usedAt: new Date(at) })));
    } catch (error) {
      this.#logger.warn({ error }, 'When keys were used is told later');
      for (const [keyId, at] of uses) if (!this.#untold.has(keyId)) this.#untold.set(keyId, at);
    }
  }
}
