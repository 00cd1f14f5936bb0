import { sql } from 'kysely';
import type { Db, Member, Tx } from './tables.js';

/** One page of a room's members; those beyond `after` follow. */
export interface MemberPage {
  readonly roomId: string;
  readonly after: string;
  readonly limit: number;
}

export type FoundMember = Member & { readonly at: number };

export function selectMemberPages(pages: readonly MemberPage[], { descending }: { descending: boolean }) {
  const [beyond, order] = descending ? [sql`<`, sql`desc`] : [sql`>`, sql`asc`];
  return sql<FoundMember>`
    select asked.at::int - 1 as at, page.*
    from unnest(
      ${pages.map(({ roomId }) => roomId)}::uuid[], ${pages.map(({ after }) => after)}::uuid[], ${pages.map(({ limit }) => limit)}::int[]
    ) with ordinality as asked (room_id, after, size, at)
    cross join lateral (
      select member.* from member
      where member.room_id = asked.room_id and member.user_id ${beyond} asked.after
      order by member.user_id ${order} limit asked.size
    ) page
    order by asked.at, page.user_id ${order}`;
}

/** Those who were not members before. Counted in the room by `countMembers`. */
export function insertMembers(members: readonly Member[]) {
  const column = <Name extends keyof Member>(name: Name) => members.map((member) => member[name]);
  return sql<Member>`
    insert into member (room_id, user_id, role, joined_at)
    select * from unnest(${column('room_id')}::uuid[], ${column('user_id')}::uuid[], ${column('role')}::text[], ${column('joined_at')}::timestamptz[])
    on conflict do nothing
    returning *`;
}

export function selectMember(db: Db | Tx, roomId: string, userId: string) {
  return db.selectFrom('member').selectAll().where('room_id', '=', roomId).where('user_id', '=', userId);
}

export function deleteMember(tx: Tx, roomId: string, userId: string) {
  return tx.deleteFrom('member').where('room_id', '=', roomId).where('user_id', '=', userId).returning('user_id');
}

/** Keeps the room's own count right: in the transaction that changed its members, by as many as there came or (negative) went. */
export function countMembers(tx: Tx, roomId: string, difference: number) {
  return tx
    .updateTable('room')
    .set({ member_count: sql`member_count + ${difference}`, updated_at: sql`now()` })
    .where('id', '=', roomId);
}

export function selectUnknownUsers(userIds: readonly string[]) {
  return sql<{ id: string }>`
    select asked.id from unnest(${userIds}::uuid[]) as asked (id)
    where not exists (select from known_user where known_user.id = asked.id)`;
}

export function insertKnownUser(tx: Tx, userId: string) {
  return tx
    .insertInto('known_user')
    .values({ id: userId })
    .onConflict((conflict) => conflict.doNothing());
}

export function deleteKnownUser(tx: Tx, userId: string) {
  return tx.deleteFrom('known_user').where('id', '=', userId);
}

/** The rooms that somebody can leave, locked in the order of their ids: no two wait for each other. */
export function lockRoomsOf(tx: Tx, userId: string) {
  return tx
    .selectFrom('room')
    .select('id')
    .where('type', '<>', 'direct')
    .where('id', 'in', (select) => select.selectFrom('member').select('room_id').where('user_id', '=', userId))
    .orderBy('id')
    .forUpdate();
}

/** In rooms that are locked. Keeps their own counts right. */
export function deleteMemberships(userId: string, roomIds: readonly string[]) {
  return sql`
    with gone as (
      delete from member where user_id = ${userId} and room_id = any(${roomIds}::uuid[]) returning room_id
    )
    update room set member_count = member_count - 1, updated_at = now() from gone where room.id = gone.room_id`;
}
