import type { Sight } from '@facet/auth';
import { sql, type RawBuilder } from 'kysely';
import type { FoundRoom } from './rooms.js';

/** One page of rooms that a viewer sees; those beyond `after` follow. */
export interface RoomPage {
  readonly viewerId: string;
  readonly sight: Sight;
  /** Only where the list is of the rooms of a member. */
  readonly memberId?: string;
  readonly after: string;
  readonly limit: number;
}

export type PageOrder = 'ascending' | 'descending' | 'last-activity';

/** Every room that the viewer sees. Each kind of room is read by an index of its own, so that nobody pays for rooms that they do not see. */
export function selectVisible(pages: readonly RoomPage[], order: PageOrder) {
  const { beyond, direction } = keysetOf(order);
  const part = (from: RawBuilder<unknown>, where: RawBuilder<unknown>) => sql`
    (select room.* from ${from} where ${where} and room.deleted_at is null and room.id ${beyond} asked.after order by room.id ${direction} limit asked.size)`;
  return pagesOf(
    pages,
    order,
    sql`
      select room.*, mine.role as viewer_role from (
        ${part(sql`room`, sql`room.type = 'public'`)}
        union all
        ${part(sql`room`, sql`room.type = 'private' and asked.sight = 'private'`)}
        union all
        ${part(
          sql`member join room on room.id = member.room_id and member.room_id ${beyond} asked.after`,
          sql`member.user_id = asked.viewer_id and asked.sight <> 'public' and (room.type = 'direct' or (room.type = 'private' and asked.sight = 'own'))`,
        )}
      ) room
      left join member mine on mine.room_id = room.id and mine.user_id = asked.viewer_id`,
  );
}

/** Public rooms that the viewer is not in. */
export function selectJoinable(pages: readonly RoomPage[], order: PageOrder) {
  const { beyond } = keysetOf(order);
  return pagesOf(
    pages,
    order,
    sql`
      select room.*, null as viewer_role from room
      where room.type = 'public' and room.deleted_at is null and room.id ${beyond} asked.after
        and not exists (select from member mine where mine.room_id = room.id and mine.user_id = asked.viewer_id)`,
  );
}

/** Rooms of a member that the viewer sees: public ones, shared ones and, for admins, private ones. */
export function selectOfMember(pages: readonly RoomPage[], order: PageOrder) {
  const { beyond } = keysetOf(order);
  return pagesOf(
    pages,
    order,
    sql`
      select room.*, mine.role as viewer_role
      from member join room on room.id = member.room_id
      left join member mine on mine.room_id = member.room_id and mine.user_id = asked.viewer_id
      where member.user_id = asked.member_id and member.room_id ${beyond} asked.after and room.deleted_at is null
        and (room.type = 'public' or (mine.role is not null and asked.sight <> 'public') or (room.type = 'private' and asked.sight = 'private'))`,
  );
}

/** All pages by one statement. `rooms` selects, per row of `asked`, whatever may be on the page. */
function pagesOf(pages: readonly RoomPage[], order: PageOrder, rooms: RawBuilder<unknown>) {
  const { sorted } = keysetOf(order);
  const column = <Name extends keyof RoomPage>(name: Name) => pages.map((page) => page[name]);
  return sql<FoundRoom>`
    select asked.at::int - 1 as at, page.*
    from unnest(
      ${column('viewerId')}::uuid[], ${column('sight')}::text[], ${column('memberId')}::uuid[], ${column('after')}::uuid[], ${column('limit')}::int[]
    ) with ordinality as asked (viewer_id, sight, member_id, after, size, at)
    cross join lateral (${rooms} order by ${sorted(sql.ref('room'))} limit asked.size) page
    order by asked.at, ${sorted(sql.ref('page'))}`;
}

function keysetOf(order: PageOrder) {
  const [beyond, direction] = order === 'ascending' ? [sql`>`, sql`asc`] : [sql`<`, sql`desc`];
  const sorted = (rooms: RawBuilder<unknown>) =>
    order === 'last-activity' ? sql`${rooms}.last_activity_at desc, ${rooms}.id desc` : sql`${rooms}.id ${direction}`;
  return { beyond, direction, sorted };
}
