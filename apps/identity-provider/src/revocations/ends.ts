import { revocationLivesMs, type Revocation } from '@facet/auth';
import { newId } from '@facet/database';
import { publish } from '@facet/events';
import { revoked } from '@facet/events/revocations';
import { sql } from 'kysely';
import type { Tx } from '../store/tables.js';

type Kind = Revocation['kind'];
type Ended = Pick<Revocation, 'kind' | 'id'>;

interface Place {
  readonly sid: string;
  readonly client_id: string;
  readonly account_id: string | null;
  readonly grant_hash: string | null;
  readonly tell: boolean;
}

/** A transaction that is longer than this could issue a token that its own revocation does not cover. */
const longestTransactionMs = 1_000;

const place = ['sid', 'client_id', 'account_id', 'grant_hash', 'tell'] as const;

/** Tells everybody, once the transaction commits, that these have ended. Answers up to when what was issued for them is over. */
export async function tellEnded(tx: Tx, ended: readonly Ended[]): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(tx);
  const before = rows[0]!.now.getTime() + longestTransactionMs;
  const revocations = ended.map((each) => ({ ...each, before, until: before + revocationLivesMs }));
  await publish(tx, revocations.map(revoked));
  return new Date(before);
}

/** A browser's session ended, and with it what its clients got that does not outlive it. */
export async function sessionEnded(tx: Tx, uidHash: string): Promise<void> {
  const places = await tx
    .deleteFrom('session_client')
    .where('uid_hash', '=', uidHash)
    .returning([...place, 'outlives'])
    .execute();
  await placesEnded(
    tx,
    places.filter(({ outlives }) => !outlives),
  );
}

/** What somebody allowed an application ended: a device, or a client at which he was signed in by a session. */
export async function grantEnded(tx: Tx, grantHash: string): Promise<void> {
  const places = await tx.deleteFrom('session_client').where('grant_hash', '=', grantHash).returning(place).execute();
  await placesEnded(tx, places, [grantHash]);
}

/** All that somebody was signed in with ended. */
export async function accountEnded(tx: Tx, accountId: string): Promise<void> {
  const places = await tx.deleteFrom('session_client').where('account_id', '=', accountId).returning(place).execute();
  await writeNotices(tx, places);
  await tokensEnded(tx, accountId);
}

/** Whatever token somebody has says something that is not so any more; he stays signed in, and gets others. */
export async function tokensEnded(tx: Tx, accountId: string): Promise<void> {
  const tokens_not_before = await tellEnded(tx, [{ kind: 'subject', id: accountId }]);
  await tx.updateTable('account').set({ tokens_not_before }).where('id', '=', accountId).execute();
}

/** All that anybody was signed in with at a client ended. */
export async function clientEnded(tx: Tx, clientId: string): Promise<void> {
  const places = await tx.deleteFrom('session_client').where('client_id', '=', clientId).returning(place).execute();
  await writeNotices(tx, places);
  await tellEnded(tx, [{ kind: 'client', id: clientId }]);
}

/** Tokens call a session by its `sid` at the client, or by the grant that they came of. */
async function placesEnded(tx: Tx, places: readonly Place[], grants: readonly string[] = []): Promise<void> {
  await writeNotices(tx, places);
  const ids = new Set([...grants, ...places.flatMap(({ sid, grant_hash }) => [sid, ...(grant_hash === null ? [] : [grant_hash])])]);
  if (ids.size > 0)
    await tellEnded(
      tx,
      [...ids].map((id) => ({ kind: 'session' satisfies Kind, id })),
    );
}

async function writeNotices(tx: Tx, places: readonly Place[]): Promise<void> {
  const notices = places.flatMap(({ sid, client_id, account_id, tell }) =>
    account_id === null || !tell ? [] : [{ id: newId(), sid, client_id, account_id }],
  );
  if (notices.length > 0) await tx.insertInto('logout_notice').values(notices).execute();
}
