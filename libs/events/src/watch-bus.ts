import type { Report, WatchBus } from './event-bus.js';

/** EventSource: where a process finds the events that it watches: the brokers, or where there are none the log in the database. */
export interface EventSource {
  /** Name of the application: Kafka's client, PostgreSQL's application. */
  readonly service: string;
  /** Kafka, `host:port` each. */
  readonly brokers: readonly string[];
  /** A role that may read the log, see `provisionEvents`. */
  readonly databaseUrl?: string | undefined;
}

/** openWatchBus: the bus of a source, for a process without a schema of its own. Loads the one driver that is needed, and connects on first use. */
export async function openWatchBus({ service, brokers, databaseUrl }: EventSource, report: Report): Promise<WatchBus> {
  if (brokers.length > 0) {
    const { KafkaBus } = await import('./kafka-bus.js');
    return new KafkaBus({ brokers, service, report });
  }
  if (databaseUrl === undefined) throw new TypeError('A watch needs brokers or a database.');
  const { openLog } = await import('./open-log.js');
  return openLog({ url: databaseUrl, schema: 'events', applicationName: service, poolSize: 1 }, report);
}
