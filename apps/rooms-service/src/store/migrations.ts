import type { Migrations } from '@facet/database';
import { inboxMigrations, outboxMigrations } from '@facet/events';
import { sql, type Kysely } from 'kysely';

export const migrations: Migrations = {
  ...outboxMigrations,
  ...inboxMigrations,
  '0001_room': {
    async up(db: Kysely<unknown>) {
      await sql`
        create table room (
          id uuid primary key,
          type text not null check (type in ('public', 'private', 'direct')),
          name text not null,
          topic text,
          created_by uuid not null,
          created_at timestamptz not null,
          updated_at timestamptz not null,
          last_activity_at timestamptz not null,
          member_count integer not null default 0 check (member_count >= 0),
          direct_members uuid[] check ((type = 'direct') = (direct_members is not null)),
          deleted_at timestamptz
        ) with (fillfactor = 80)`.execute(db);
      await sql`create index room_by_type on room (type, id) where deleted_at is null`.execute(db);
      await sql`create unique index room_by_direct_members on room (direct_members) where deleted_at is null`.execute(db);
      await sql`
        create table member (
          room_id uuid not null references room,
          user_id uuid not null,
          role text not null check (role in ('admin', 'member')),
          joined_at timestamptz not null,
          primary key (room_id, user_id)
        )`.execute(db);
      await sql`create index member_by_user on member (user_id, room_id)`.execute(db);
      await sql`create table known_user (id uuid primary key)`.execute(db);
    },
  },
};
