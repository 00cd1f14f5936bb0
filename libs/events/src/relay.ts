import { sql, type Kysely, type Transaction } from 'kysely';
import { setTimeout as pause } from 'node:timers/promises';
import type { EventBus, Report } from './event-bus.js';
import type { EventRecord } from './event.js';
import type { WakeUps } from './wake-ups.js';

const batchSize = 500;
const pollMs = 1_000;

interface OutboxRow {
  sequence: number;
  id: string;
  topic: string;
  key: string;
  type: string;
  time: Date;
  traceparent: string | null;
  data: Buffer;
}

/** RelayOptions: what a relay works on. */
export interface RelayOptions {
  readonly db: Kysely<unknown>;
  readonly schema: string;
  /** Name of the service, as the source of its events. */
  readonly service: string;
  readonly bus: EventBus;
  readonly wakeUps: WakeUps;
  readonly report: Report;
}

/**
 * Relay: takes what committed transactions left in the outbox to the bus, and removes it there. Rows are taken when they become visible, whatever their number, so a slow
 * transaction's events are late but never skipped. One replica at a time is at work, which keeps their order.
 */
export class Relay {
  #stopped = false;
  #failing = false;
  #running: Promise<void> | undefined;

  constructor(private readonly options: RelayOptions) {}

  start(): void {
    this.#running ??= this.#run();
  }

  /** Takes along what is in the outbox now, then ends. What a bus that is away cannot take stays in the outbox. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.options.wakeUps.call(this.options.schema);
    await this.#running;
    if (!this.#failing) await this.#relayBatch().catch(() => undefined);
  }

  /** Resolves once the outbox is empty. */
  async flush(): Promise<void> {
    const isEmpty = () => sql<{ empty: boolean }>`select not exists (select from event_outbox) as empty`.execute(this.options.db);
    while (!(await isEmpty()).rows[0]?.empty) {
      this.options.wakeUps.call(this.options.schema);
      await pause(5);
    }
  }

  async #run(): Promise<void> {
    const { schema, wakeUps, report } = this.options;
    while (!this.#stopped) {
      const version = wakeUps.version(schema);
      try {
        const count = await this.#relayBatch();
        this.#failing = false;
        if (count < batchSize) await wakeUps.after(schema, version, pollMs);
      } catch (error) {
        this.#failing = true;
        report('warn', 'Events could not be relayed; trying again', error);
        await wakeUps.after(schema, wakeUps.version(schema), pollMs);
      }
    }
  }

  /** Relays some rows in one transaction and says how many. None while another replica is at it: it sees the same wake-up as we do. */
  async #relayBatch(): Promise<number> {
    const { db, bus, schema } = this.options;
    return await db.transaction().execute(async (tx) => {
      if (!(await isOurTurn(tx, schema))) return 0;
      const { rows } = await sql<OutboxRow>`delete from event_outbox
        where sequence in (select sequence from event_outbox order by sequence limit ${batchSize}) returning *`.execute(tx);
      if (rows.length > 0)
        await bus.append(
          rows.sort((one, other) => one.sequence - other.sequence).map((row) => this.#recordOf(row)),
          tx,
        );
      return rows.length;
    });
  }

  #recordOf({ sequence: _, traceparent, ...row }: OutboxRow): EventRecord {
    return { ...row, source: this.options.service, ...(traceparent && { traceparent }) };
  }
}

async function isOurTurn(tx: Transaction<unknown>, schema: string): Promise<boolean> {
  const { rows } = await sql<{ got: boolean }>`select pg_try_advisory_xact_lock(hashtextextended(${`relay:${schema}`}, 0)) as got`.execute(
    tx,
  );
  return rows[0]?.got === true;
}
