import type { Migrations } from '@facet/database';
import { sql, type Kysely } from 'kysely';

/** Phones, codes that go to them, how many go anywhere, and what is delayed counted instead of told each time. */
export const oneTimeCodeMigrations: Migrations = {
  '0015_one_time_codes': {
    up: async (db: Kysely<unknown>) => {
      await sql`
        alter table account
          add column phone_sealed bytea,
          add column phone_key_version integer,
          add column phone_since timestamptz`.execute(db);
      await sql`alter table challenge add column sms_code_hash text`.execute(db);
      await sql`alter table password add column renewed_by text check (renewed_by in ('mail', 'sms'))`.execute(db);
      await sql`alter table mail add column kind text not null default 'letter' check (kind in ('letter', 'sms'))`.execute(db);
      await sql`drop index mail_waiting`.execute(db);
      await sql`create index mail_waiting on mail (kind, send_after) where sent_at is null`.execute(db);
      await sql`create table code_limit (subject text primary key, free_at timestamptz not null)`.execute(db);
      await sql`create index code_limit_free on code_limit (free_at)`.execute(db);
      await sql`alter table audit_event add column count integer not null default 1`.execute(db);
      await sql`
        create table audit_delayed (
          subject text not null,
          event text not null,
          first_id uuid not null unique,
          by_name boolean not null,
          count integer not null default 0,
          until timestamptz not null,
          primary key (subject, event)
        )`.execute(db);
      await sql`create index audit_delayed_until on audit_delayed (until)`.execute(db);
      await sql`alter table oidc_state add column from_sealed bytea, add column from_key_version integer`.execute(db);
    },
  },
};
