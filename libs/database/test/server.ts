import { newId, type DatabaseOptions } from '../src/index.js';
import { EmbeddedPostgres } from '../src/embedded.js';
import { createDatabase, dropDatabase, provision, urlOf, type ProvisionedApp } from '../src/provision.js';

/** Admin URL of a fresh database, on a server of its own or on the one that DATABASE_URL names. */
export async function freshDatabase(): Promise<{ adminUrl: string; close(): Promise<void> }> {
  const offered = process.env['DATABASE_URL'];
  const embedded = offered ? undefined : await EmbeddedPostgres.start({ temporary: true, port: 0 });
  const server = offered ?? embedded?.url ?? '';
  const name = `facet_test_${newId().replaceAll('-', '')}`;
  const close = async () => {
    await dropDatabase(server, name);
    await embedded?.stop();
  };
  return { adminUrl: await createDatabase(server, name), close };
}

type Owner = ProvisionedApp & { readonly schema: string };

export const rooms: Owner = { role: 'rooms_service', schema: 'rooms', password: 'test' };
export const users: Owner = { role: 'users_service', schema: 'users', password: 'test' };

/** Options of an application that is provisioned in that database. */
export async function provisioned(adminUrl: string, app: Owner): Promise<DatabaseOptions> {
  await provision(adminUrl, [app]);
  return { url: urlOf(adminUrl, app), schema: app.schema, applicationName: `${app.schema}-test` };
}
