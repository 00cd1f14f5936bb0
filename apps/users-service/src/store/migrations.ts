import type { Migrations } from '@facet/database';
import { inboxMigrations, outboxMigrations } from '@facet/events';
import { sql, type Kysely } from 'kysely';

export const migrations: Migrations = {
  ...outboxMigrations,
  ...inboxMigrations,
  '0001_profile': {
    async up(db: Kysely<unknown>) {
      await sql`
        create table profile (
          id uuid primary key,
          username text not null constraint profile_username_key unique,
          name text not null,
          about text,
          avatar_url text,
          email text,
          created_at timestamptz not null,
          updated_at timestamptz not null
        )`.execute(db);
    },
  },
  '0002_tombstone': {
    async up(db: Kysely<unknown>) {
      await sql`alter table profile add column deleted_at timestamptz`.execute(db);
    },
  },
};
