import { migrate, newId, openDatabase, type Database, type Migrations } from '@facet/database';
import { createDatabase, dropDatabase, provision, urlOf } from '@facet/database/provision';
import { closedAfterwards } from './cleanup.js';
import { makeEventLog, type TestEventLog } from './event-log.js';
import { sharedPostgres } from './shared-postgres.js';

/** TestDatabaseOptions: one application's schema in a database of its own. */
export interface TestDatabaseOptions {
  readonly schema: string;
  readonly migrations: Migrations;
}

/** TestDatabase: what a test may do with its database. */
export interface TestDatabase<Tables> extends TestEventLog {
  /** Of the application's own role; what its DATABASE_URL would be. */
  readonly url: string;
  readonly adminUrl: string;
  readonly schema: string;
  /** As the application's own role. */
  readonly db: Database<Tables>;
  close(): Promise<void>;
}

/** testDatabase: a fresh database with the application's role, schema and tables. Closed after the test file at the latest. */
export async function testDatabase<Tables>({ schema, migrations }: TestDatabaseOptions): Promise<TestDatabase<Tables>> {
  const server = await sharedPostgres();
  const name = `facet_test_${newId().replaceAll('-', '')}`;
  const adminUrl = await createDatabase(server, name);
  const app = { role: roleOf(schema), schema, password: 'facet-test' };
  await provision(adminUrl, [app]);
  const { close: closeLog, ...log } = await makeEventLog(adminUrl, app);
  const url = urlOf(adminUrl, app);
  const db = openDatabase<Tables>({ url, schema, applicationName: `${schema}-test` });
  await migrate(db, migrations, { schema });

  const close = closedAfterwards(async () => {
    await Promise.all([db.destroy(), closeLog()]);
    await dropDatabase(server, name);
  });
  return { url, adminUrl, schema, db, ...log, close };
}

function roleOf(schema: string): string {
  return schema === 'identity' ? 'identity_provider' : `${schema}_service`;
}
