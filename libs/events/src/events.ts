import type { DatabaseOptions } from '@facet/database';
import type { Kysely } from 'kysely';
import { Consumer } from './consumer.js';
import type { EventBus, Feed, Report, WatchBus, WatchStart } from './event-bus.js';
import type { StoredEvent } from './event.js';
import type { Handler } from './handler.js';
import { KafkaBus } from './kafka-bus.js';
import { LogBus } from './log-bus.js';
import { logChannel } from './log-schema.js';
import { outboxChannel } from './publish.js';
import { Relay } from './relay.js';
import { WakeUps } from './wake-ups.js';

/** EventsOptions: how a service takes part. */
export interface EventsOptions {
  /** Name of the service: the source of its events, and its group unless that is named. */
  readonly service: string;
  /** Kafka, `host:port` each; none means the event log in the service's own database. */
  readonly brokers: readonly string[];
  /** Whether the service has an outbox. */
  readonly publishes: boolean;
  readonly consume?: { readonly group?: string; readonly handlers: readonly Handler[] };
}

/** EventsParts: what events need of the process around them. */
export interface EventsParts {
  readonly db: Kysely<unknown>;
  readonly database: DatabaseOptions;
  readonly report: Report;
}

/** Listener: sees each event of a watched topic, in order. A rejection is reported and the event comes again. */
export type Listener = (event: StoredEvent) => Promise<void> | void;

/** Events: the relay, the consumer and the watches of one process. `EventsModule` makes, starts and stops the one of an application. */
export class Events {
  readonly #wakeUps: WakeUps;
  readonly #bus: EventBus;
  readonly #relay: Relay | undefined;
  readonly #consumer: Consumer | undefined;

  constructor({ service, brokers, publishes, consume }: EventsOptions, { db, database, report }: EventsParts) {
    const wakeUps = new WakeUps(database, [logChannel, outboxChannel], report);
    const bus = brokers.length > 0 ? new KafkaBus({ brokers, service, report }) : new LogBus(db, wakeUps, report);
    this.#wakeUps = wakeUps;
    this.#bus = bus;
    this.#relay = publishes ? new Relay({ db, schema: database.schema, service, bus, wakeUps, report }) : undefined;
    this.#consumer = consume && new Consumer({ db, bus, group: consume.group ?? service, handlers: consume.handlers, report });
  }

  /** Begins to relay and to consume. Does not wait for brokers: while they are away it keeps trying. */
  async start(): Promise<void> {
    this.#relay?.start();
    await this.#consumer?.start();
  }

  /** Finishes the batch that is being consumed, and consumes no more. */
  async stopConsuming(): Promise<void> {
    await this.#consumer?.stop();
  }

  /** Relays what is left, and lets go of every connection. */
  async close(): Promise<void> {
    await this.#consumer?.stop();
    await this.#relay?.stop();
    await this.#bus.close();
    await this.#wakeUps.close();
  }

  /** For tests: resolves once this process's outbox is empty and its group has consumed all that is in its topics, its own events included. */
  async flush(): Promise<void> {
    await this.#relay?.flush();
    await this.#consumer?.flush();
    await this.#relay?.flush();
  }

  /**
   * Resolves to a question that may be asked again and again: has this service's group consumed by now all that was in the topic when `mark` was called? For who is
   * about to conclude something from what it has not heard.
   */
  async mark(topic: string): Promise<() => Promise<boolean>> {
    return (await this.#consumer?.mark(topic)) ?? (() => Promise.resolve(false));
  }

  /** Shows every event of a topic to this process: from now on unless told otherwise, from the moment the promise resolves. */
  async watch(topic: string, listener: Listener, { from = 'now' }: { from?: WatchStart } = {}): Promise<Feed> {
    return await this.#bus.watch(topic, from, async (events) => {
      for (const event of events) await listener(event);
    });
  }

  /** A bus for a Watch of this process, on the connections that it has already. What is closed is its watches alone. */
  watchBus(): WatchBus {
    const feeds: Feed[] = [];
    return {
      watch: async (...asked) => {
        const feed = await this.#bus.watch(...asked);
        feeds.push(feed);
        return feed;
      },
      close: async () => void (await Promise.all(feeds.map((feed) => feed.stop()))),
    };
  }

  /** Handles once more what was put aside in `<topic>.dlq` for this service's group, and says how many took effect now. */
  async replay(topic: string): Promise<number> {
    return (await this.#consumer?.replay(topic)) ?? 0;
  }
}
