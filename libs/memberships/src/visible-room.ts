import { sql, type Expression, type RawBuilder } from 'kysely';

/**
 * isVisibleRoom: `canSee` as a condition, for a statement over rooms that nobody has named. `viewer` is a user id, `sight` what `sightOf` of @facet/auth says. Whether the viewer's role may
 * read at all says `authorize` before.
 */
export function isVisibleRoom(roomId: Expression<unknown>, viewer: Expression<unknown>, sight: Expression<unknown>): RawBuilder<boolean> {
  return sql<boolean>`exists (
    select from known_room as visible
    where visible.id = ${roomId} and not visible.deleted and (
      visible.type = 'public'
      or (visible.type = 'private' and ${sight} = 'private')
      or (${sight} <> 'public' and exists (
        select from known_member as seat where seat.room_id = visible.id and seat.user_id = ${viewer}
      ))
    )
  )`;
}
