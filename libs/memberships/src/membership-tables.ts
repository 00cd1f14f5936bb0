import type { Migrations } from '@facet/database';
import { sql } from 'kysely';

/** KnownRoomType: who may see a room; see `canSee`. */
export type KnownRoomType = 'public' | 'private' | 'direct';

/** KnownMemberRole: what a member is within the room. */
export type KnownMemberRole = 'admin' | 'member';

/** MembershipTables: the read model's tables, for a service's own `Tables` to extend. */
export interface MembershipTables {
  known_room: { id: string; type: KnownRoomType; created_by: string; deleted: boolean };
  known_member: { room_id: string; user_id: string; role: KnownMemberRole; joined_at: Date };
}

/** membershipMigrations: makes these tables; spread it into the service's own, beside `inboxMigrations`. */
export const membershipMigrations: Migrations = {
  '0000_memberships': {
    async up(db) {
      await sql`create table known_room (
        id uuid primary key,
        type text not null check (type in ('public', 'private', 'direct')),
        created_by uuid not null,
        deleted boolean not null default false
      )`.execute(db);
      await sql`create table known_member (
        room_id uuid not null,
        user_id uuid not null,
        role text not null check (role in ('admin', 'member')),
        joined_at timestamptz not null,
        primary key (room_id, user_id)
      )`.execute(db);
      await sql`create index known_member_by_user on known_member (user_id, room_id)`.execute(db);
    },
  },
};
