import type { Migrations } from '@facet/database';
import { sql, type Kysely } from 'kysely';

export const revocationMigrations: Migrations = {
  '0013_revocations': {
    up: async (db: Kysely<unknown>) => {
      await sql`
        create table session_client (
          sid text primary key,
          client_id text not null,
          uid_hash text not null,
          grant_hash text,
          account_id uuid,
          outlives boolean not null,
          tell boolean not null,
          expires_at timestamptz not null
        )`.execute(db);
      await sql`create index session_client_uid on session_client (uid_hash)`.execute(db);
      await sql`create index session_client_grant on session_client (grant_hash) where grant_hash is not null`.execute(db);
      await sql`create index session_client_account on session_client (account_id) where account_id is not null`.execute(db);
      await sql`create index session_client_client on session_client (client_id)`.execute(db);
      await sql`
        create table logout_notice (
          id uuid primary key,
          client_id text not null,
          account_id uuid not null,
          sid text not null,
          tries integer not null default 0,
          created_at timestamptz not null default now(),
          send_after timestamptz not null default now()
        )`.execute(db);
      await sql`create index logout_notice_waiting on logout_notice (send_after)`.execute(db);
      await sql`alter table account add column tokens_not_before timestamptz`.execute(db);
      await sql`alter table partner add column revoked_at timestamptz`.execute(db);
    },
  },
};
