import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../store/tables.js';

/** Longer than anything lives that might be kept once more. */
export const endedFor = sql<Date>`now() + interval '100 days'`;

/** What was ended is ended for good: whatever a request that began before keeps of it later is nobody's. */
export async function rememberEnded(db: Db, hash: string): Promise<void> {
  await db
    .insertInto('ended_state')
    .values({ hash, until: endedFor })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

interface Kept {
  readonly uid: RawBuilder<unknown>;
  readonly grant: RawBuilder<unknown>;
  readonly account: RawBuilder<unknown>;
  readonly signedInAt: RawBuilder<unknown>;
}

/** Whether neither it was ended nor all that its account was signed in with. */
export function stands({ uid, grant, account, signedInAt }: Kept): RawBuilder<boolean> {
  return sql<boolean>`(
    not exists (select from ended_state where ended_state.hash in (${uid}, ${grant}))
    and (${account} is null or exists (
      select from account where account.id = ${account}
        and (${signedInAt} is null or account.sessions_not_before is null or account.sessions_not_before <= ${signedInAt})
    )))`;
}
