import { sql } from 'kysely';
import type { Db } from '../store/tables.js';

const batch = 1_000;

/** Removes what has expired, a batch at a time, so that no statement holds many rows for long. Replicas that come at once share the work. */
export async function removeExpired(db: Db): Promise<number> {
  let removed = 0;
  for (;;) {
    const { numAffectedRows } = await sql`
      delete from oidc_state where ctid = any(array(
        select ctid from oidc_state where expires_at < now() order by expires_at limit ${batch} for update skip locked
      ))`.execute(db);
    removed += Number(numAffectedRows ?? 0);
    if (Number(numAffectedRows ?? 0) < batch) return removed;
  }
}
