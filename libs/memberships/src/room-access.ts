import { seesRoom } from '@facet/auth';
import type { Caller } from '@facet/context';
import { sql, type AbortableQueryOptions, type Kysely, type RawBuilder } from 'kysely';
import type { KnownMemberRole, KnownRoomType, MembershipTables } from './membership-tables.js';

/** RoomUser: somebody, and the room they want to do something in. */
export interface RoomUser {
  readonly roomId: string;
  readonly userId: string;
}

/** RoomAccess: what a user is to a room that exists. Whether they may even see it says `canSee`. */
export interface RoomAccess {
  readonly roomId: string;
  readonly type: KnownRoomType;
  readonly createdBy: string;
  /** Undefined for who is no member. */
  readonly role: KnownMemberRole | undefined;
  readonly joinedAt: Date | undefined;
}

/**
 * findAccess: for each pair, by position, the room and what the user is in it; undefined where the room is unknown or deleted. One query whatever the number of
 * pairs; end it with the request by `within(context)`.
 */
export async function findAccess<Tables extends MembershipTables>(
  db: Kysely<Tables>,
  pairs: readonly RoomUser[],
  options?: AbortableQueryOptions,
): Promise<(RoomAccess | undefined)[]> {
  if (pairs.length === 0) return [];
  const { rows } = await accessQuery(pairs).execute(db, options);
  const found = new Map(rows.map((row) => [row.at - 1, accessOf(row)]));
  return pairs.map((_, at) => found.get(at));
}

/** The one query of `findAccess`. */
export function accessQuery(pairs: readonly RoomUser[]): RawBuilder<AccessRow> {
  return sql<AccessRow>`
    select wanted.at::int, room.id, room.type, room.created_by, member.role, member.joined_at
    from unnest(${pairs.map(({ roomId }) => roomId)}::uuid[], ${pairs.map(({ userId }) => userId)}::uuid[]) with ordinality as wanted (room_id, user_id, at)
    join known_room as room on room.id = wanted.room_id and not room.deleted
    left join known_member as member on member.room_id = wanted.room_id and member.user_id = wanted.user_id`;
}

interface AccessRow {
  at: number;
  id: string;
  type: KnownRoomType;
  created_by: string;
  role: KnownMemberRole | null;
  joined_at: Date | null;
}

function accessOf({ id, type, created_by, role, joined_at }: AccessRow): RoomAccess {
  return { roomId: id, type, createdBy: created_by, role: role ?? undefined, joinedAt: joined_at ?? undefined };
}

/** canSee: whether the caller may know of the room (`seesRoom` of the policy). What the token covers is another question. */
export function canSee(room: RoomAccess | undefined, caller: Caller): room is RoomAccess {
  return seesRoom.holds(caller, { room }) === true;
}
