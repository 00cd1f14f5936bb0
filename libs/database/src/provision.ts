import pg from 'pg';

/** ProvisionedApp: a login role and the one schema that it owns; an application that only watches events owns none. */
export interface ProvisionedApp {
  readonly role: string;
  readonly schema?: string | undefined;
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

/**
 * asAdmin: runs the steps in one transaction. Provisioners of several databases of one server change the same roles; who loses such a race begins again.
 */
export async function asAdmin(adminUrl: string, steps: (client: pg.Client) => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const client = new pg.Client({ connectionString: adminUrl, application_name: 'facet-provision', connectionTimeoutMillis: 5_000 });
    await client.connect();
    try {
      await client.query('begin');
      await client.query(`select pg_advisory_xact_lock(hashtext('facet-provision'))`);
      await steps(client);
      await client.query('commit');
      return;
    } catch (error) {
      if (attempt === 10 || !isLostRace(error)) throw error;
    } finally {
      await client.end();
    }
  }
}

function isLostRace(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false;
  return /tuple concurrently (updated|deleted)/.test(error.message) || ['23505', '42710', '40001', '40P01'].includes(error.code ?? '');
}

/** createDatabase: makes a database where there is none of that name. Returns the admin URL of it. */
export async function createDatabase(adminUrl: string, name: string): Promise<string> {
  await withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  });
  return urlOf(adminUrl, { database: name });
}

/** dropDatabase: removes a database and whoever is connected to it; nothing happens where there is none. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await withClient(adminUrl, (client) => client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`));
}

/** urlOf: the same server, with another database, or for another role. */
export function urlOf(adminUrl: string, { database, role, password }: { database?: string; role?: string; password?: string }): string {
  const url = new URL(adminUrl);
  if (database !== undefined) url.pathname = `/${database}`;
  if (role !== undefined) url.username = encodeURIComponent(role);
  if (password !== undefined) url.password = encodeURIComponent(password);
  return url.href;
}

async function withClient(adminUrl: string, use: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'facet-provision', connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

async function provisionApp(client: pg.Client, database: string, { role, schema, password }: ProvisionedApp): Promise<void> {
  const name = client.escapeIdentifier(role);
  const secret = client.escapeLiteral(password);
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
  const rights = 'login nosuperuser nocreatedb nocreaterole noreplication nobypassrls';
  await client.query(`${rowCount === 0 ? 'create' : 'alter'} role ${name} ${rights} password ${secret}`);
  await client.query(`grant connect on database ${database} to ${name}`);
  await client.query(`grant ${name} to current_user`);
  if (schema === undefined) return;
  const space = client.escapeIdentifier(schema);
  await client.query(`create schema if not exists ${space}`);
  await client.query(`alter schema ${space} owner to ${name}`);
}
