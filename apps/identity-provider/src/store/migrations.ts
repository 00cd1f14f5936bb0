import type { Migrations } from '@facet/database';
import { outboxMigrations } from '@facet/events';
import { sql, type Kysely } from 'kysely';

export const migrations: Migrations = {
  ...outboxMigrations,
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
};
