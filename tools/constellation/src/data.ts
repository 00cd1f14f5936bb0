import { EmbeddedPostgres } from '@facet/database/embedded';
import { asAdmin, urlOf } from '@facet/database/provision';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Choices } from './config.js';
import { provisionAll, schemas } from './owners.js';
import type { Secrets } from './secrets.js';
import { nameOfDatabase } from './name-of-database.js';

const postgresPort = 5432;
/** Away from the port of a PostgreSQL that may run here anyway. */
const embeddedPort = postgresPort + 10_000;

/** The database of this installation: where it is for each role, and how it is stopped. */
export interface Data {
  readonly urlOf: (role: string) => string;
  readonly stop: () => Promise<void>;
}

/** Starts the embedded PostgreSQL, or takes the one that DATABASE_URL names, and gives every application its role and schema, and the event log to all. */
export async function openData({ home, portOffset, databaseUrl, reset }: Choices, secrets: Secrets): Promise<Data> {
  const folder = join(home, 'postgres');
  if (reset) await rm(mediaFolderOf({ home, databaseUrl }), { recursive: true, force: true });
  if (reset && !databaseUrl) await EmbeddedPostgres.erase(folder);
  const embedded = databaseUrl ? undefined : await EmbeddedPostgres.start({ folder, port: embeddedPort + portOffset });
  const adminUrl = databaseUrl ?? embedded!.url;
  if (reset && databaseUrl) await dropSchemas(adminUrl);
  await provisionAll(adminUrl, (role) => secrets.databasePassword(role));
  return { urlOf: (role) => urlOf(adminUrl, { role, password: secrets.databasePassword(role) }), stop: async () => embedded?.stop() };
}

/** Where the database of an installation is while it runs, whoever asks. */
export function addressOf({ databaseUrl, portOffset }: Pick<Choices, 'databaseUrl' | 'portOffset'>): string {
  return databaseUrl ?? `postgres://127.0.0.1:${embeddedPort + portOffset}/postgres`;
}

/** The files of attachments belong to the database that knows them, and go with it. */
export function mediaFolderOf({ home, databaseUrl }: Pick<Choices, 'home' | 'databaseUrl'>): string {
  return join(home, 'media', nameOfDatabase(databaseUrl));
}

async function dropSchemas(adminUrl: string): Promise<void> {
  await asAdmin(adminUrl, async (client) => {
    for (const schema of [...schemas, 'events']) await client.query(`drop schema if exists ${client.escapeIdentifier(schema)} cascade`);
  });
}
