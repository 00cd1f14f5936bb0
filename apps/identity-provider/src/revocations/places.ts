import type { Insertable } from 'kysely';
import type { SessionClientTable } from '../store/revocation-tables.js';
import type { Tx } from '../store/tables.js';

/** Remembers at which clients somebody is signed in by way of a session, so that what ends it knows whom to tell, and of what. */
export async function keepPlaces(tx: Tx, places: readonly Insertable<SessionClientTable>[]): Promise<void> {
  if (places.length === 0) return;
  await tx
    .insertInto('session_client')
    .values([...places])
    .onConflict((conflict) =>
      conflict.column('sid').doUpdateSet(({ ref }) => ({
        uid_hash: ref('excluded.uid_hash'),
        grant_hash: ref('excluded.grant_hash'),
        account_id: ref('excluded.account_id'),
        outlives: ref('excluded.outlives'),
        tell: ref('excluded.tell'),
        expires_at: ref('excluded.expires_at'),
      })),
    )
    .execute();
}
