import { migrate, newId, openDatabase, type Database, type DatabaseOptions } from '@facet/database';
import { EmbeddedPostgres } from '@facet/database/embedded';
import { createDatabase, dropDatabase, provision, urlOf } from '@facet/database/provision';
import { sql } from 'kysely';
import type { EventBus, Report } from '../src/event-bus.js';
import { inboxMigrations, outboxMigrations, type EventCodec } from '../src/index.js';
import { KafkaBus } from '../src/kafka-bus.js';
import { LogBus } from '../src/log-bus.js';
import { logChannel } from '../src/log-schema.js';
import { provisionEvents } from '../src/provision.js';
import { outboxChannel } from '../src/publish.js';
import { WakeUps } from '../src/wake-ups.js';
import type { EventSource } from '../src/watch.js';

/** What the handlers of these tests leave behind. */
export interface Tables {
  effect: { sequence: number; who: string; key: string; n: number };
}

/** The one message of these tests. */
export interface Said {
  key: string;
  n: number;
}

export const migrations = {
  ...outboxMigrations,
  ...inboxMigrations,
  '0001_effect': {
    up: async (db: Database<unknown>) =>
      void (await sql`create table effect (sequence bigint generated always as identity, who text, key text, n int)`.execute(db)),
  },
};

const apps = [
  { role: 'rooms_service', schema: 'rooms', password: 'test' },
  { role: 'presence_service', schema: 'presence', password: 'test' },
];

/** Who owns nothing, and may read the topics of this world. */
const reader = { role: 'mobile_bff', password: 'test' };

/** Participant: what one process of a service has. */
export interface Participant {
  readonly db: Database<Tables>;
  readonly database: DatabaseOptions;
  readonly report: Report;
}

/** World: a database with a publisher (`rooms`) and a consumer (`presence`), and topics of its own. */
export class World {
  readonly reports: string[] = [];
  readonly #closing: (() => Promise<unknown>)[] = [];
  readonly #topics: string[] = [];

  private constructor(
    readonly adminUrl: string,
    readonly brokers: readonly string[],
  ) {}

  static async create(brokers: readonly string[]): Promise<World> {
    const offered = process.env['DATABASE_URL'];
    const embedded = offered ? undefined : await EmbeddedPostgres.start({ temporary: true, port: 0 });
    const server = offered ?? embedded?.url ?? '';
    const name = `facet_test_${newId().replaceAll('-', '')}`;
    const world = new World(await createDatabase(server, name), brokers);
    await provision(world.adminUrl, [...apps, reader]);
    await provisionEvents(world.adminUrl, { topics: [], roles: apps.map(({ role }) => role) });
    for (const { schema } of apps) await migrate(world.participant(schema).db, migrations, { schema });
    world.#closing.unshift(
      () => (embedded ? Promise.resolve() : dropDatabase(server, name)),
      async () => embedded?.stop(),
    );
    return world;
  }

  /** A topic that nobody else uses, and the type of its messages. */
  async said(): Promise<EventCodec<Said>> {
    const topic = `facet.test${newId().slice(-12)}.v1`;
    this.#topics.push(topic);
    const readers = [{ role: reader.role, topics: this.#topics }];
    await provisionEvents(this.adminUrl, { topics: [{ name: topic, owner: 'rooms_service' }], roles: [], readers });
    return {
      $type: `${topic}.Said`,
      encode: (message) => ({ finish: () => Buffer.from(JSON.stringify(message)) }),
      decode: (data) => JSON.parse(Buffer.from(data).toString()) as Said,
    };
  }

  /** Another process of the service that owns this schema. */
  participant(schema: string, name = schema): Participant {
    const app = apps.find((one) => one.schema === schema);
    if (!app) throw new TypeError(`There is no ${schema} here`);
    const database = { url: urlOf(this.adminUrl, app), schema, applicationName: name };
    const db = openDatabase<Tables>(database);
    this.#closing.push(() => db.destroy());
    const report: Report = (level, message, error) => void this.reports.push(`${level} ${message} ${String(error ?? '')}`);
    return { db, database, report };
  }

  /** What a process without a schema of its own is told. */
  source(service = 'mobile-bff'): EventSource {
    return { service, brokers: this.brokers, databaseUrl: urlOf(this.adminUrl, reader) };
  }

  bus({ db, database, report }: Participant): EventBus {
    if (this.brokers.length > 0) {
      const bus = new KafkaBus({ brokers: this.brokers, service: database.applicationName, report });
      this.#closing.push(() => bus.close());
      return bus;
    }
    const wakeUps = new WakeUps(database, [logChannel, outboxChannel], report);
    const bus = new LogBus(db as Database<unknown>, wakeUps, report);
    this.#closing.push(() => bus.close().then(() => wakeUps.close()));
    return bus;
  }

  /** Has something closed at the end, before what it stands on. */
  closing(close: () => Promise<unknown>): void {
    this.#closing.push(close);
  }

  async close(): Promise<void> {
    for (const close of this.#closing.reverse()) await close();
  }
}
