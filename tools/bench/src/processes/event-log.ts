import { apps } from '@facet/constellation';
import { EmbeddedPostgres } from '@facet/database/embedded';
import { provision, urlOf } from '@facet/database/provision';
import { provisionEvents } from '@facet/events/provision';

/** A database with an event log on which nothing ever happens, for a real BFF on services that publish nothing. */
export class EventLog {
  private constructor(
    private readonly postgres: EmbeddedPostgres,
    /** DATABASE_URL of the BFF. */
    readonly url: string,
  ) {}

  /** With a role for this BFF, which may read what it watches, and a schema for what it shares with itself. */
  static async start(bff: string): Promise<EventLog> {
    const postgres = await EmbeddedPostgres.start({ temporary: true, port: 0 });
    const role = bff.replace('-', '_');
    const password = 'bench';
    const names = apps.flatMap(({ publishes = [] }) => publishes);
    await provision(postgres.url, [{ role, schema: role, password }]);
    await provisionEvents(postgres.url, {
      topics: names.map((name) => ({ name, owner: 'facet_events' })),
      roles: [],
      readers: [{ role, topics: names }],
    });
    return new EventLog(postgres, urlOf(postgres.url, { role, password }));
  }

  async stop(): Promise<void> {
    await this.postgres.stop();
  }
}
