import { sql } from 'kysely';
import type { Db } from '../store/tables.js';
import type { AuditTrail } from './audit-trail.js';

const batch = 100;

/** Tells the trail how many were delayed in the windows that have ended: one row each, and none where there was but the first. */
export async function tellOfDelays(db: Db, audit: AuditTrail): Promise<void> {
  while (await db.transaction().execute((tx) => tellBatch(tx, audit)));
}

async function tellBatch(tx: Db, audit: AuditTrail): Promise<boolean> {
  const ended = await tx
    .deleteFrom('audit_delayed')
    .where('first_id', 'in', ({ selectFrom }) =>
      selectFrom('audit_delayed')
        .select('first_id')
        .where('until', '<=', sql<Date>`now()`)
        .limit(batch)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute();
  for (const { first_id, count, by_name } of ended) {
    if (count === 0) continue;
    const first = await tx.selectFrom('audit_event').selectAll().where('id', '=', first_id).executeTakeFirstOrThrow();
    await audit.recordCounted(tx, first, { count, byName: by_name });
  }
  return ended.length === batch;
}
