import type { Migrations } from '@facet/database';
import { inboxMigrations } from '@facet/events';
import { membershipMigrations } from '@facet/memberships';
import { sql, type Kysely } from 'kysely';

export const migrations: Migrations = {
  ...inboxMigrations,
  ...membershipMigrations,
  '0001_lease': {
    async up(db: Kysely<unknown>) {
      // Unlogged: a lease that a crash of the database loses would have ended before anybody missed it.
      await sql`
        create unlogged table lease (
          user_id uuid primary key,
          status text not null check (status in ('online', 'away')),
          expires_at timestamptz not null
        )`.execute(db);
      await sql`create index lease_by_end on lease (expires_at)`.execute(db);
      await sql`
        create unlogged table typing (
          room_id uuid not null,
          user_id uuid not null,
          expires_at timestamptz not null,
          primary key (room_id, user_id)
        )`.execute(db);
      await sql`create index typing_by_end on typing (expires_at)`.execute(db);
    },
  },
};
