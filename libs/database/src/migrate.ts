import { sql, type Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';

/** Migrations: steps by name, run in alphabetical order. A name that was released never changes its meaning. */
export type Migrations = Readonly<Record<string, Migration>>;

/**
 * migrate: runs the steps that this schema has not seen, each once, whatever number of replicas start at the same time. The list of what ran is kept in
 * the schema itself (`kysely_migration`). Throws the first failure; a failed run leaves nothing behind.
 */
export async function migrate<Tables>(db: Kysely<Tables>, migrations: Migrations, { schema }: { schema: string }): Promise<void> {
  await db.connection().execute(async (connection) => {
    // Waiting for another replica, or building an index, may take longer than a request's statement.
    await sql`set statement_timeout = 0`.execute(connection);
    const migrator = new Migrator({
      db: connection,
      provider: { getMigrations: async () => ({ ...migrations }) },
      migrationTableSchema: schema,
      allowUnorderedMigrations: true,
    });
    const { error } = await migrator.migrateToLatest();
    await sql`reset statement_timeout`.execute(connection);
    if (error) throw error;
  });
}
