import type { Migrations } from '@facet/database';
import { sql, type Kysely } from 'kysely';

export const clientMigrations: Migrations = {
  '0016_clients': {
    up: async (db: Kysely<unknown>) => {
      await sql`
        alter table partner
          add column allowed_scopes text[],
          add column certificate_bound boolean not null default false,
          add column pushed_requests boolean not null default false`.execute(db);
    },
  },
};
