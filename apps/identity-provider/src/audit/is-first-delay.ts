import { sql } from 'kysely';
import type { Delay } from '../sign-in/attempts.js';
import type { AuditEvent, Db } from '../store/tables.js';

const windowMinutes = 15;

/** Whether a delay is the first of its subject in a window, and so told of by the row with this id. Those that follow are counted. */
export async function isFirstDelay(db: Db, id: string, event: AuditEvent, { subject, byName }: Delay): Promise<boolean> {
  const until = sql<Date>`now() + make_interval(mins => ${windowMinutes})`;
  const { first_id } = await db
    .insertInto('audit_delayed')
    .values({ subject, event, first_id: id, by_name: byName, until })
    .onConflict((conflict) => conflict.columns(['subject', 'event']).doUpdateSet({ count: sql<number>`audit_delayed.count + 1` }))
    .returning('first_id')
    .executeTakeFirstOrThrow();
  return first_id === id;
}
