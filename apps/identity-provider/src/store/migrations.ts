import type { Migrations } from '@facet/database';
import { outboxMigrations } from '@facet/events';
import { sql, type Kysely } from 'kysely';
import { clientMigrations } from './client-migrations.js';
import { oneTimeCodeMigrations } from './one-time-code-migrations.js';
import { partnerKeyMigrations } from './partner-key-migrations.js';
import { revocationMigrations } from './revocation-migrations.js';

export const migrations: Migrations = {
  ...outboxMigrations,
  ...oneTimeCodeMigrations,
  ...revocationMigrations,
  ...partnerKeyMigrations,
  ...clientMigrations,
  '0001_accounts': {
    up: async (db: Kysely<unknown>) => {
      await sql`
        create table account (
          id uuid primary key,
          username text not null unique,
          email text unique,
          name text not null,
          role text not null check (role in ('guest', 'user', 'moderator', 'admin')),
          kind text not null check (kind in ('person', 'bot')),
          created_at timestamptz not null
        )`.execute(db);
      await sql`
        create table partner (
          client_id text primary key,
          secret_hash text not null,
          bot_id uuid not null references account,
          created_at timestamptz not null default now()
        )`.execute(db);
    },
  },
  '0002_signing_keys': {
    up: async (db: Kysely<unknown>) => {
      await sql`
        create table signing_key (
          kid text primary key,
          private_jwk jsonb not null,
          created_at timestamptz not null default now()
        )`.execute(db);
    },
  },
  '0003_demo_mark': {
    up: async (db: Kysely<unknown>) => {
      await sql`
        create table demo_mark (
          id boolean primary key default true check (id),
          seeded_at timestamptz not null default now()
        )`.execute(db);
    },
  },
  '0004_sealed': {
    up: async (db: Kysely<unknown>) => {
      await sql`
        alter table account
          add column email_sealed bytea,
          add column email_key_version integer,
          add column email_lookup text unique`.execute(db);
      await sql`
        alter table signing_key
          alter column private_jwk drop not null,
          add column sealed bytea,
          add column key_version integer,
          add column state text not null default 'current' check (state in ('next', 'current', 'retired')),
          add column current_since timestamptz,
          add column retired_at timestamptz`.execute(db);
      await sql`update signing_key set current_since = created_at`.execute(db);
      await sql`create unique index signing_key_one_each on signing_key (state) where state <> 'retired'`.execute(db);
    },
  },
  '0005_oidc_state': {
    up: async (db: Kysely<unknown>) => {
      await sql`
        create table oidc_state (
          model text not null,
          id_hash text not null,
          sealed bytea not null,
          key_version integer not null,
          grant_hash text,
          uid_hash text,
          user_code_hash text,
          account_id uuid,
          client_id text,
          created_at timestamptz not null default now(),
          expires_at timestamptz not null,
          consumed_at timestamptz,
          primary key (model, id_hash)
        )`.execute(db);
      await sql`create index oidc_state_grant on oidc_state (grant_hash) where grant_hash is not null`.execute(db);
      await sql`create index oidc_state_uid on oidc_state (uid_hash) where uid_hash is not null`.execute(db);
      await sql`create index oidc_state_user_code on oidc_state (user_code_hash) where user_code_hash is not null`.execute(db);
      await sql`create index oidc_state_account on oidc_state (account_id) where account_id is not null`.execute(db);
      await sql`create index oidc_state_expiry on oidc_state (expires_at)`.execute(db);
    },
  },
  '0006_sign_in': {
    up: async (db: Kysely<unknown>) => {
      await sql`alter table account add column status text not null default 'active' check (status in ('active', 'locked'))`.execute(db);
      await sql`alter table partner add column redirect_uris text[] not null default '{}', add column jwks jsonb`.execute(db);
      await sql`
        create table password (
          account_id uuid primary key references account on delete cascade,
          hash text not null,
          changed_at timestamptz not null default now()
        )`.execute(db);
      await sql`
        create table attempt (
          subject text primary key,
          failures integer not null,
          blocked_until timestamptz not null,
          last_at timestamptz not null
        )`.execute(db);
      await sql`create index attempt_last on attempt (last_at)`.execute(db);
    },
  },
  '0007_mail': {
    up: async (db: Kysely<unknown>) => {
      await sql`
        create table mail (
          id uuid primary key,
          sealed bytea not null,
          key_version integer not null,
          tries integer not null default 0,
          created_at timestamptz not null default now(),
          send_after timestamptz not null default now(),
          sent_at timestamptz
        )`.execute(db);
      await sql`create index mail_waiting on mail (send_after) where sent_at is null`.execute(db);
      await sql`
        create table challenge (
          visit_hash text not null,
          purpose text not null,
          account_id uuid references account on delete cascade,
          code_hash text not null,
          sealed bytea,
          key_version integer,
          tries integer not null default 0,
          expires_at timestamptz not null,
          primary key (visit_hash, purpose)
        )`.execute(db);
      await sql`create index challenge_expiry on challenge (expires_at)`.execute(db);
      await sql`create index challenge_account on challenge (account_id) where account_id is not null`.execute(db);
    },
  },
  '0008_second_factor': {
    up: async (db: Kysely<unknown>) => {
      await sql`
        create table totp (
          account_id uuid primary key references account on delete cascade,
          sealed bytea not null,
          key_version integer not null,
          confirmed_at timestamptz,
          last_step bigint not null default 0
        )`.execute(db);
      await sql`
        create table backup_code (
          account_id uuid not null references account on delete cascade,
          code_hash text not null,
          used_at timestamptz,
          primary key (account_id, code_hash)
        )`.execute(db);
    },
  },
  '0009_passkeys': {
    up: async (db: Kysely<unknown>) => {
      await sql`
        create table passkey (
          id text primary key,
          account_id uuid not null references account on delete cascade,
          public_key bytea not null,
          counter bigint not null,
          transports text[] not null,
          name text not null,
          created_at timestamptz not null default now(),
          used_at timestamptz
        )`.execute(db);
      await sql`create index passkey_account on passkey (account_id)`.execute(db);
      await sql`
        create table passkey_challenge (
          visit_hash text not null,
          purpose text not null check (purpose in ('enrol', 'sign-in')),
          account_id uuid references account on delete cascade,
          challenge_hash text not null,
          expires_at timestamptz not null,
          primary key (visit_hash, purpose)
        )`.execute(db);
      await sql`create index passkey_challenge_expiry on passkey_challenge (expires_at)`.execute(db);
      await sql`create index passkey_challenge_account on passkey_challenge (account_id) where account_id is not null`.execute(db);
    },
  },
  '0010_held_username': {
    up: async (db: Kysely<unknown>) => {
      await sql`create table held_username (name_hash text primary key, until timestamptz not null)`.execute(db);
    },
  },
  '0011_audit': {
    up: async (db: Kysely<unknown>) => {
      await sql`
        create table audit_event (
          id uuid primary key,
          at timestamptz not null default now(),
          event text not null,
          outcome text not null check (outcome in ('ok', 'refused', 'delayed', 'continued')),
          about text,
          account_id uuid,
          name_hash text,
          client_id text,
          request_id text,
          sealed bytea,
          key_version integer
        )`.execute(db);
      await sql`create index audit_event_account on audit_event (account_id, id) where account_id is not null`.execute(db);
      await sql`create index audit_event_name on audit_event (name_hash, id) where name_hash is not null`.execute(db);
      await sql`create index audit_event_event on audit_event (event, id)`.execute(db);
      // The role owns its tables, so a right taken from it could be given back by it: the trigger is what refuses.
      await sql`
        create function audit_event_stays() returns trigger language plpgsql as $$
        begin
          if tg_op = 'UPDATE' and to_jsonb(new) - '{sealed,key_version}'::text[] = to_jsonb(old) - '{sealed,key_version}'::text[]
            and new.key_version > old.key_version then return new; end if;
          raise exception 'The audit trail is append-only' using errcode = 'insufficient_privilege';
        end $$`.execute(db);
      await sql`
        create trigger audit_event_stays before update or delete on audit_event for each row execute function audit_event_stays()`.execute(
        db,
      );
      await sql`
        create trigger audit_event_stays_whole before truncate on audit_event execute function audit_event_stays()`.execute(db);
    },
  },
  '0012_ended': {
    up: async (db: Kysely<unknown>) => {
      await sql`create table ended_state (hash text primary key, until timestamptz not null)`.execute(db);
      await sql`alter table account add column sessions_not_before timestamptz`.execute(db);
      await sql`alter table oidc_state add column signed_in_at timestamptz`.execute(db);
      await sql`alter table challenge add column proven_at timestamptz`.execute(db);
    },
  },
};
