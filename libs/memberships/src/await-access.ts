import type { Caller } from '@facet/context';
import { within, type Lifetime } from '@facet/database';
import { eventually } from '@facet/events';
import type { Kysely } from 'kysely';
import type { MembershipTables } from './membership-tables.js';
import { canSee, findAccess, type RoomAccess } from './room-access.js';

/** Visit: somebody who wants to do something in a room. */
export interface Visit {
  readonly roomId: string;
  readonly caller: Caller;
}

/**
 * awaitAccess: as `findAccess`, by position, for a service that is about to refuse somebody because of it. The read model follows rooms-service by events, so where
 * one is not `admitted`, all are looked up again for a moment, together. That takes half of the time that is left at most: in a batch the others wait as well.
 */
export async function awaitAccess<Tables extends MembershipTables>(
  db: Kysely<Tables>,
  visits: readonly Visit[],
  context: Lifetime,
  admitted: (access: RoomAccess | undefined, caller: Caller) => boolean = canSee,
): Promise<(RoomAccess | undefined)[]> {
  const pairs = visits.map(({ roomId, caller }) => ({ roomId, userId: caller.subject }));
  const patience = { signal: context.signal, deadline: (Date.now() + context.deadline) / 2 };
  let found: (RoomAccess | undefined)[] = [];
  await eventually(async () => {
    found = await findAccess(db, pairs, within(context));
    return found.every((access, at) => admitted(access, visits[at]!.caller)) || undefined;
  }, patience);
  return found;
}
