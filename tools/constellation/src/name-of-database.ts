import { createHash } from 'node:crypto';

/** A database's name in `.facet`, which tells nobody where it is. */
export function nameOfDatabase(databaseUrl: string | undefined): string {
  return databaseUrl ? createHash('sha256').update(databaseUrl).digest('hex') : 'embedded';
}
