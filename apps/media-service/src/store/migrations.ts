import type { Migrations } from '@facet/database';
import { inboxMigrations, outboxMigrations } from '@facet/events';
import { membershipMigrations } from '@facet/memberships';
import { sql, type Kysely } from 'kysely';

export const migrations: Migrations = {
  ...outboxMigrations,
  ...inboxMigrations,
  ...membershipMigrations,
  '0001_attachment': {
    async up(db: Kysely<unknown>) {
      await sql`
        create table attachment (
          id uuid primary key,
          owner_id uuid not null,
          name text not null,
          type text not null,
          size integer not null check (size > 0),
          hash text not null,
          width integer,
          height integer,
          thumbnails integer[] not null,
          created_at timestamptz not null,
          message_id uuid,
          room_id uuid,
          check ((message_id is null) = (room_id is null))
        )`.execute(db);
      await sql`create index attachment_unposted_by_owner on attachment (owner_id) include (size) where message_id is null`.execute(db);
      await sql`create index attachment_unposted on attachment (created_at) where message_id is null`.execute(db);
      await sql`create index attachment_by_message on attachment (message_id) where message_id is not null`.execute(db);
      await sql`create index attachment_by_room on attachment (room_id) where room_id is not null`.execute(db);
      await sql`create table upload (id uuid primary key, owner_id uuid not null, bytes bigint not null, until timestamptz not null)`.execute(
        db,
      );
      await sql`create index upload_by_owner on upload (owner_id)`.execute(db);
      await sql`create table store (id uuid not null, singleton boolean primary key check (singleton))`.execute(db);
      await sql`create table removed_file (id uuid primary key, thumbnails integer[] not null)`.execute(db);
    },
  },
  // One round trip in place of five: where many upload at once, they wait for connections. A function sees what others committed while it waited for the lock.
  '0002_begin_upload': {
    async up(db: Kysely<unknown>) {
      await sql`
        create function begin_upload(new_id uuid, uploader uuid, wanted bigint, most bigint, began timestamptz, ends timestamptz)
        returns bigint language plpgsql as $$
        declare unposted bigint;
        begin
          perform pg_advisory_xact_lock(hashtextextended('media:upload:' || uploader, 0));
          select (select coalesce(sum(size), 0) from attachment where owner_id = uploader and message_id is null)
               + (select coalesce(sum(bytes), 0) from upload where owner_id = uploader and until > began) into unposted;
          if unposted + wanted <= most then
            insert into upload (id, owner_id, bytes, until) values (new_id, uploader, wanted, ends);
            return null;
          end if;
          return unposted;
        end $$`.execute(db);
    },
  },
};
