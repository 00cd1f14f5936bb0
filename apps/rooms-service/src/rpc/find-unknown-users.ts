import type { RequestContext } from '@facet/context';
import { within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { eventually } from '@facet/events';
import { selectUnknownUsers } from '../store/members.js';
import type { Db } from '../store/tables.js';

/** Those of them who do not exist. Waits a moment for one who has only just come to be, so not in a transaction. */
export async function findUnknownUsers(db: Db, userIds: readonly string[], context: RequestContext): Promise<ReadonlySet<string>> {
  let unknown = new Set<string>();
  if (userIds.length === 0) return unknown;
  await eventually(async () => {
    const { rows } = await selectUnknownUsers(userIds).execute(db, within(context));
    unknown = new Set(rows.map(({ id }) => id));
    return unknown.size === 0 || undefined;
  }, context);
  return unknown;
}

/** Points at each user who does not exist. */
export function refuseUnknown(unknown: ReadonlySet<string>, userIds: readonly string[], pointerOf: (at: number) => string): void {
  if (unknown.size === 0) return;
  const errors = userIds.flatMap((id, at) => (unknown.has(id) ? [{ pointer: pointerOf(at), detail: 'is not a user' }] : []));
  throw new ProblemError('validation-failed', { errors });
}
