import type { Database } from '@facet/database';
import type { Generated, Selectable, Transaction } from 'kysely';

interface RoomTable {
  id: string;
  type: 'public' | 'private' | 'direct';
  name: string;
  topic: string | null;
  created_by: string;
  created_at: Date;
  updated_at: Date;
  last_activity_at: Date;
  member_count: Generated<number>;
  /** Sorted; of a direct room only, of which there is one for each set of members. */
  direct_members: string[] | null;
  deleted_at: Date | null;
}

interface MemberTable {
  room_id: string;
  user_id: string;
  role: 'admin' | 'member';
  joined_at: Date;
}

export interface Tables {
  room: RoomTable;
  member: MemberTable;
  /** Users that exist, as users-service says. */
  known_user: { id: string };
}

export type Db = Database<Tables>;
export type Tx = Transaction<Tables>;
export type Room = Selectable<RoomTable>;
export type Member = Selectable<MemberTable>;

/** A room with the place that the caller has in it. */
export type SeenRoom = Room & { readonly viewer_role: Member['role'] | null };
