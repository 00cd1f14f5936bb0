import { sql } from 'kysely';
import type { Db } from '../store/tables.js';

const batch = 1_000;

/** What is of no use any more, by table. */
const useless = {
  oidc_state: 'expires_at < now()',
  challenge: 'expires_at < now()',
  passkey_challenge: 'expires_at < now()',
  held_username: 'until < now()',
  partner_key: `least(revoked_at, expires_at) < now() - interval '90 days'`,
  ended_state: 'until < now()',
  session_client: 'expires_at < now()',
  logout_notice: `created_at < now() - interval '1 day'`,
  code_limit: 'free_at < now()',
  attempt: `last_at < now() - interval '1 day'`,
  mail: `created_at < now() - interval '1 day'`,
} as const;

/** Removes what has expired, a batch at a time, so that no statement holds many rows for long. Replicas that come at once share the work. */
export async function removeExpired(db: Db): Promise<number> {
  let removed = 0;
  for (const [table, condition] of Object.entries(useless)) removed += await removeFrom(db, table, condition);
  return removed;
}

async function removeFrom(db: Db, table: string, condition: string): Promise<number> {
  for (let removed = 0; ;) {
    const { numAffectedRows = 0n } = await sql`
      delete from ${sql.table(table)} where ctid = any(array(
        select ctid from ${sql.table(table)} where ${sql.raw(condition)} limit ${batch} for update skip locked
      ))`.execute(db);
    removed += Number(numAffectedRows);
    if (numAffectedRows < batch) return removed;
  }
}
