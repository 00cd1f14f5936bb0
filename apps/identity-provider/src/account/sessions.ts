import { sql } from 'kysely';
import type { AuditTrail } from '../audit/audit-trail.js';
import { endedFor } from '../oidc/ended.js';
import { accountEnded, grantEnded, sessionEnded } from '../revocations/ends.js';
import type { Db, Tx } from '../store/tables.js';

/** A place where somebody is signed in: a browser with a session here, or an application with a grant. */
export interface SignedIn {
  /** The hash under which it is kept: of no use but to its owner. */
  readonly id: string;
  readonly kind: 'browser' | 'application';
  readonly clientId: string | null;
  readonly since: Date;
  readonly lastUsed: Date;
}

const longestList = 200;

export async function signedInPlaces(db: Db, accountId: string): Promise<SignedIn[]> {
  const rows = await db
    .selectFrom('oidc_state as kept')
    .select(['kept.id_hash', 'kept.model', 'kept.client_id', 'kept.created_at'])
    .select((select) =>
      select
        .selectFrom('oidc_state as token')
        .select(sql<Date | null>`max(greatest(token.created_at, token.consumed_at))`.as('at'))
        .whereRef('token.grant_hash', '=', 'kept.grant_hash')
        .as('last_used'),
    )
    .where('kept.account_id', '=', accountId)
    .where('kept.model', 'in', ['Session', 'Grant'])
    .where('kept.expires_at', '>', sql<Date>`now()`)
    .orderBy('kept.created_at', 'desc')
    .limit(longestList)
    .execute();
  return rows.map(({ id_hash, model, client_id, created_at, last_used }) => ({
    id: id_hash,
    kind: model === 'Session' ? 'browser' : 'application',
    clientId: client_id,
    since: created_at,
    lastUsed: last_used ?? created_at,
  }));
}

/** Ends one of them, where it is this person's: a browser's session, or an application's grant with all that came of it. */
export async function endSignedIn({ db, audit }: { db: Db; audit: AuditTrail }, accountId: string, id: string): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const about = await endOwned(tx, accountId, id);
    if (about) await audit.record(tx, { event: 'session-ended', about, accountId });
    return about !== undefined;
  });
}

async function endOwned(tx: Tx, accountId: string, id: string): Promise<'browser' | 'application' | undefined> {
  const { rows } = await sql<{ model: string; hash: string | null }>`
    with owned as (
      select model, id_hash, grant_hash, uid_hash from oidc_state where account_id = ${accountId} and id_hash = ${id} and model in ('Session', 'Grant')
    ), ended as (
      insert into ended_state (hash, until)
      select coalesce(uid_hash, grant_hash), ${endedFor} from owned where coalesce(uid_hash, grant_hash) is not null on conflict do nothing
    )
    delete from oidc_state using owned
    where (oidc_state.model = owned.model and oidc_state.id_hash = owned.id_hash)
      or (owned.model = 'Grant' and oidc_state.grant_hash = owned.grant_hash)
    returning owned.model, coalesce(owned.uid_hash, owned.grant_hash) as hash`.execute(tx);
  if (!rows[0]) return undefined;
  const { model, hash } = rows[0];
  if (hash !== null) await (model === 'Session' ? sessionEnded(tx, hash) : grantEnded(tx, hash));
  return model === 'Session' ? 'browser' : 'application';
}

/** Ends all of them, everywhere, and what was proved so far and is not signed in with yet. */
export async function endEverything(tx: Tx, accountId: string): Promise<void> {
  await tx
    .updateTable('account')
    .set({ sessions_not_before: sql<Date>`clock_timestamp()` })
    .where('id', '=', accountId)
    .execute();
  await sql`
    insert into ended_state (hash, until)
    select distinct hash, ${endedFor} from oidc_state, unnest(array[case when model = 'Session' then uid_hash end, grant_hash]) as hash
    where account_id = ${accountId} and hash is not null on conflict do nothing`.execute(tx);
  await tx.deleteFrom('oidc_state').where('account_id', '=', accountId).execute();
  await accountEnded(tx, accountId);
}
