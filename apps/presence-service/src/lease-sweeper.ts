import { InjectDatabase } from '@facet/database';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from './clock.js';
import { deleteEndedLeases, deleteEndedTyping } from './store/leases.js';
import type { Db } from './store/tables.js';

const everyMs = 30_000;
const atOnce = 1_000;

/** Takes ended leases away, in small steps and by index. What has ended counts no more anyway: this only keeps the tables small. */
@Injectable()
export class LeaseSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger(LeaseSweeper.name);
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<unknown> = Promise.resolve();

  constructor(
    @InjectDatabase() private readonly db: Db,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.#sweeping = this.sweep().catch((error: unknown) => this.#logger.warn(`Ended leases stay until the next time: ${String(error)}`));
    }, everyMs).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sweeping;
  }

  async sweep(): Promise<void> {
    const now = this.clock.now();
    for (const deleteEnded of [deleteEndedLeases, deleteEndedTyping]) {
      let rows: readonly unknown[];
      do ({ rows } = await deleteEnded(now, atOnce).execute(this.db));
      while (rows.length === atOnce);
    }
  }
}
