import { ProblemError } from '@facet/errors';
import { type Kysely, type Transaction } from 'kysely';
import { setTimeout as pause } from 'node:timers/promises';
import type { EventBus, Feed, Report } from './event-bus.js';
import type { StoredEvent } from './event.js';
import type { Handler } from './handler.js';
import { bringToLife, forgetOld, markDead, takeNew } from './inbox.js';

const retryAfterMs = [50, 100, 200, 400];
const forgetEveryMs = 3_600_000;

/** ConsumerOptions: who consumes what. */
export interface ConsumerOptions {
  readonly db: Kysely<unknown>;
  readonly bus: EventBus;
  readonly group: string;
  readonly handlers: readonly Handler[];
  readonly report: Report;
}

/**
 * Consumer: one member of a group. Each event takes effect once: its effect and its row in the inbox are one transaction. A batch is one transaction where all goes well; otherwise
 * its events go one by one, and one that still fails after five attempts is put aside in `<topic>.dlq`. While the database is away nothing is put aside: it waits.
 */
export class Consumer {
  readonly topics: readonly string[];
  readonly #handlers: ReadonlyMap<string, readonly Handler[]>;
  readonly #stopping = new AbortController();
  #feed: Feed | undefined;
  #forgetting: NodeJS.Timeout | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ConsumerOptions) {
    this.#handlers = Map.groupBy(options.handlers, ({ type }) => type);
    this.topics = [...new Set(options.handlers.map(({ topic }) => topic))];
  }

  async start(): Promise<void> {
    this.#feed ??= await this.options.bus.consume(this.options.group, this.topics, (events) => this.#deliver(events));
    this.#forgetting ??= setInterval(() => this.#forget(), forgetEveryMs).unref();
  }

  /** Finishes what is under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearInterval(this.#forgetting);
    await this.#feed?.stop();
  }

  /** Resolves once all that is in the topics took effect or was put aside. */
  async flush(): Promise<void> {
    while (!(await this.options.bus.caughtUp(this.options.group, this.topics))) await pause(5);
  }

  /** A question: has the group consumed by now all that is in the topic at this moment? */
  async mark(topic: string): Promise<() => Promise<boolean>> {
    const ends = await this.options.bus.endsOf([topic]);
    return () => this.options.bus.caughtUp(this.options.group, [topic], ends);
  }

  /** Handles once more what was put aside for this group, and says how many took effect. The first that fails again is thrown. */
  async replay(topic: string): Promise<number> {
    let count = 0;
    for (const letter of await this.options.bus.deadLetters(this.options.group, topic)) {
      const handled = await this.#transaction(async (tx) => {
        if (!(await bringToLife(tx, this.options.group, letter.id))) return false;
        await this.#handleWithin(tx, letter);
        return true;
      });
      if (handled) count += 1;
    }
    return count;
  }

  async #deliver(events: readonly StoredEvent[]): Promise<void> {
    const wanted = events.filter(({ type }) => this.#handlers.has(type));
    if (wanted.length === 0) return;
    try {
      await this.#handle(wanted);
    } catch (error) {
      if (isOutage(error)) throw error;
      this.options.report('debug', 'A batch of events failed; its events go one by one', error);
      for (const event of wanted) await this.#handleOrPutAside(event);
    }
  }

  async #handleOrPutAside(event: StoredEvent): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      this.#stopping.signal.throwIfAborted();
      try {
        return await this.#handle([event]);
      } catch (error) {
        if (isOutage(error)) throw error;
        const delay = retryAfterMs[attempt];
        if (delay === undefined) return await this.#putAside(event, error);
        await pause(delay, undefined, { signal: this.#stopping.signal });
      }
    }
  }

  async #handle(events: readonly StoredEvent[]): Promise<void> {
    await this.#transaction(async (tx) => {
      const fresh = await takeNew(tx, this.options.group, events);
      for (const event of fresh) await this.#handleWithin(tx, event);
    });
  }

  async #handleWithin(tx: Transaction<unknown>, event: StoredEvent): Promise<void> {
    for (const handler of this.#handlers.get(event.type) ?? []) await handler.handle(event, tx);
  }

  async #putAside(event: StoredEvent, error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    await this.#transaction(async (tx) => {
      if (await markDead(tx, this.options.group, event.id)) await this.options.bus.deadLetter(this.options.group, event, reason, tx);
    });
    this.options.report('error', `The event ${event.type} ${event.id} was put aside in ${event.topic}.dlq`, error);
  }

  /** One transaction of this consumer at a time: the pool is for those who wait for an answer. */
  async #transaction<Result>(steps: (tx: Transaction<unknown>) => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(() => this.options.db.transaction().execute(steps));
    this.#turn = result.catch(() => undefined);
    return await result;
  }

  #forget(): void {
    forgetOld(this.options.db, this.options.group).catch((error: unknown) =>
      this.options.report('debug', 'The inbox could not be pruned', error),
    );
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'dependency-unavailable';
}
