import { hasRole, permissionsOf } from '@facet/auth';
import type { Caller } from '@facet/context';
import { sql, type Expression, type RawBuilder } from 'kysely';

/** Sight: which rooms somebody may see: the public ones, their own as well, or all private ones as well. */
export type Sight = 'public' | 'own' | 'private';

/** sightOf: which rooms the caller's role lets them see; the part of `canSee` that `isVisibleRoom` is told. */
export function sightOf(caller: Caller): Sight {
  if (!permissionsOf(caller.roles).includes('room:join')) return 'public';
  return hasRole(caller, 'admin') ? 'private' : 'own';
}

/**
 * isVisibleRoom: `canSee` as a condition, for a statement over rooms that nobody has named. `viewer` is a user id, `sight` a `Sight`. Whether the viewer's role may
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
