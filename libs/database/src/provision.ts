import pg from 'pg';

/** ProvisionedApp: a login role and the one schema that it owns. */
export interface ProvisionedApp {
  readonly role: string;
  readonly schema: string;
  readonly password: string;
}

/**
 * provision: gives each application its login role and its schema, in the database that `adminUrl` names. Idempotent, and safe to run by several
 * at once; a password that differs is set anew. A role owns its schema and can read, write or create nothing anywhere else: what PostgreSQL grants to everybody
 * (`create` in `public`, temporary tables, connecting) is revoked from `public`.
 */
export async function provision(adminUrl: string, apps: readonly ProvisionedApp[]): Promise<void> {
  await asAdmin(adminUrl, async (client) => {
    const database = client.escapeIdentifier((await client.query<{ name: string }>('select current_database() as name')).rows[0]!.name);
    await client.query(`revoke all on database ${database} from public`);
    await client.query('revoke all on schema public from public');
    for (const app of apps) await provisionApp(client, database, app);
  });
}

/** Runs the steps in one transaction, one provisioner at a time on the whole server: roles belong to the server, not to a database. */
export async function asAdmin(adminUrl: string, steps: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'facet-provision' });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(hashtext('facet-provision'))`);
    await steps(client);
    await client.query('commit');
  } finally {
    await client.end();
  }
}

async function provisionApp(client: pg.Client, database: string, { role, schema, password }: ProvisionedApp): Promise<void> {
  const name = client.escapeIdentifier(role);
  const space = client.escapeIdentifier(schema);
  const secret = client.escapeLiteral(password);
  await client.query(`do $$ begin
    create role ${name} login password ${secret};
  exception when duplicate_object or unique_violation then
    alter role ${name} login password ${secret};
  end $$`);
  await client.query(`alter role ${name} nosuperuser nocreatedb nocreaterole noreplication nobypassrls`);
  await client.query(`grant connect on database ${database} to ${name}`);
  await client.query(`grant ${name} to current_user`);
  await client.query(`create schema if not exists ${space}`);
  await client.query(`alter schema ${space} owner to ${name}`);
}
