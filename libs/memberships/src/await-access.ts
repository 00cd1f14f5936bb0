import { setTimeout as pause } from 'node:timers/promises';
import type { Caller } from '@facet/context';
import { within, type Lifetime } from '@facet/database';
import type { Kysely } from 'kysely';
import type { MembershipTables } from './membership-tables.js';
import { canSee, findAccess, type RoomAccess, type RoomUser } from './room-access.js';

/** Visit: somebody who wants to do something in a room. */
export interface Visit {
  readonly roomId: string;
  readonly caller: Caller;
}

/** Patience: who need not be looked up again (default: who sees the room), and for how long the others are (default: as long as it makes sense). */
export interface Patience {
  readonly admitted?: (access: RoomAccess | undefined, caller: Caller) => boolean;
  readonly atMostMs?: number;
}

/** Between two looks. What rooms-service writes is known here some milliseconds later, and much later when the log has a bad moment: 700 ms in all. */
const pausesMs = [5, 10, 15, 20, 50, 100, 200, 300];

/**
 * awaitAccess: as `findAccess`, by position, for a service that is about to refuse somebody because of it. The read model follows rooms-service by events, so who is
 * not `admitted` is looked up again for up to 700 ms, and for half of the time that is left at most.
 */
export async function awaitAccess<Tables extends MembershipTables>(
  db: Kysely<Tables>,
  visits: readonly Visit[],
  context: Lifetime,
  { admitted = canSee, atMostMs = Infinity }: Patience = {},
): Promise<(RoomAccess | undefined)[]> {
  const options = within(context);
  const until = Math.min(Date.now() + atMostMs, (Date.now() + context.deadline) / 2);
  const found = await findAccess(db, visits.map(userOf), options);
  for (const ms of pausesMs) {
    const refused = [...visits.keys()].filter((at) => !admitted(found[at], visits[at]!.caller));
    if (refused.length === 0 || Date.now() + ms > until) break;
    await pause(ms, undefined, options).catch(() => undefined);
    const again = await findAccess(
      db,
      refused.map((at) => userOf(visits[at]!)),
      options,
    );
    for (const [index, at] of refused.entries()) found[at] = again[index];
  }
  return found;
}

/** userOf: the pair that `findAccess` looks up. */
export function userOf({ roomId, caller }: Visit): RoomUser {
  return { roomId, userId: caller.subject };
}
