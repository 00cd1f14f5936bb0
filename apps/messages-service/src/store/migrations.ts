import type { Migrations } from '@facet/database';
import { inboxMigrations, outboxMigrations } from '@facet/events';
import { membershipMigrations } from '@facet/memberships';
import { sql, type Kysely } from 'kysely';

export const migrations: Migrations = {
  ...outboxMigrations,
  ...inboxMigrations,
  ...membershipMigrations,
  '0001_message': {
    async up(db: Kysely<unknown>) {
      await sql`
        create table message (
          id uuid primary key,
          room_id uuid not null,
          author_id uuid not null,
          client_id uuid,
          type text not null check (type in ('text', 'system')),
          content text not null,
          reply_to uuid,
          reactions jsonb not null,
          version integer not null,
          created_at timestamptz not null,
          updated_at timestamptz not null,
          deleted_at timestamptz,
          edited boolean not null
        )`.execute(db);
      await sql`create index message_by_room on message (room_id, id)`.execute(db);
      await sql`create index message_by_author on message (author_id, id)`.execute(db);
      await sql`create unique index message_by_client_id on message (author_id, client_id) where client_id is not null`.execute(db);
      await sql`
        create table reaction (
          message_id uuid not null,
          user_id uuid not null,
          emoji text not null,
          primary key (message_id, user_id, emoji)
        )`.execute(db);
    },
  },
  '0002_message_event': {
    async up(db: Kysely<unknown>) {
      await sql`
        create table message_event (
          message_id uuid not null,
          version integer not null,
          type text not null,
          at timestamptz not null,
          data jsonb not null,
          primary key (message_id, version)
        )`.execute(db);
      await sql`
        create function refuse_change() returns trigger language plpgsql as $$
        begin
          raise exception 'message_event is append-only';
        end $$`.execute(db);
      await sql`
        create trigger append_only before update or delete or truncate on message_event
        for each statement execute function refuse_change()`.execute(db);
    },
  },
  '0003_attachments': {
    async up(db: Kysely<unknown>) {
      await sql`alter table message add column attachments jsonb`.execute(db);
      await sql`
        create table known_attachment (
          id uuid primary key,
          owner_id uuid not null,
          name text not null,
          type text not null,
          size integer not null,
          width integer,
          height integer,
          thumbnails integer[] not null,
          message_id uuid
        )`.execute(db);
    },
  },
};
