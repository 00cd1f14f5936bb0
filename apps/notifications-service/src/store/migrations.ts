import type { Migrations } from '@facet/database';
import { inboxMigrations } from '@facet/events';
import { membershipMigrations } from '@facet/memberships';
import { sql, type Kysely } from 'kysely';

export const migrations: Migrations = {
  ...inboxMigrations,
  ...membershipMigrations,
  '0001_unread': {
    async up(db: Kysely<unknown>) {
      await sql`create table known_user (id uuid primary key, username text not null)`.execute(db);
      await sql`create index known_user_by_username on known_user (username)`.execute(db);
      await sql`
        create table known_message (
          room_id uuid not null,
          message_id uuid not null,
          author_id uuid not null,
          counts boolean not null,
          primary key (room_id, message_id)
        )`.execute(db);
      await sql`create index known_message_unread on known_message (room_id, message_id) include (author_id) where counts`.execute(db);
      await sql`
        create table read_marker (
          user_id uuid not null,
          room_id uuid not null,
          message_id uuid not null,
          primary key (user_id, room_id)
        )`.execute(db);
      await sql`
        create function first_id_at(moment timestamptz) returns uuid language sql stable parallel safe as $$
          select rpad(lpad(to_hex(floor(extract(epoch from moment) * 1000)::bigint), 12, '0') || '7', 32, '0')::uuid
        $$`.execute(db);
    },
  },
  '0002_notification': {
    async up(db: Kysely<unknown>) {
      await sql`
        create table notification (
          id uuid primary key,
          user_id uuid not null,
          type text not null check (type in ('mention', 'reply')),
          room_id uuid not null,
          message_id uuid not null,
          author_id uuid not null,
          text text not null,
          created_at timestamptz not null,
          unique (message_id, user_id)
        )`.execute(db);
      await sql`create index notification_feed on notification (user_id, id)`.execute(db);
      await sql`create table seen_marker (user_id uuid primary key, notification_id uuid not null)`.execute(db);
    },
  },
};
