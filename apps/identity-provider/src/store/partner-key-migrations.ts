import type { Migrations } from '@facet/database';
import { sql, type Kysely } from 'kysely';

export const partnerKeyMigrations: Migrations = {
  '0014_partner_keys': {
    up: async (db: Kysely<unknown>) => {
      await sql`
        create table partner_admin (
          account_id uuid not null references account on delete cascade,
          client_id text not null references partner on delete cascade,
          since timestamptz not null default now(),
          primary key (account_id, client_id)
        )`.execute(db);
      await sql`create index partner_admin_client on partner_admin (client_id)`.execute(db);
      await sql`
        create table partner_key (
          id uuid primary key,
          client_id text not null references partner on delete cascade,
          key_hash text not null unique,
          begins_with text not null,
          name text not null,
          scopes text[] not null,
          networks text[] not null,
          created_by uuid references account on delete set null,
          created_at timestamptz not null default now(),
          expires_at timestamptz not null,
          used_at timestamptz,
          revoked_at timestamptz
        )`.execute(db);
      await sql`create index partner_key_client on partner_key (client_id, id)`.execute(db);
      await sql`create index partner_key_creator on partner_key (created_by) where created_by is not null`.execute(db);
    },
  },
};
