import type { Role } from '@facet/auth';
import { endEverything } from '../account/sessions.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import { sql } from 'kysely';
import { uuid } from '../audit/read-audit.js';
import { endedFor } from '../oidc/ended.js';
import type { PersonalData } from '../accounts/personal-data.js';
import type { Db, Tx } from '../store/tables.js';
import { clientEnded, tellEnded, tokensEnded } from './ends.js';

export interface Tools {
  readonly personal: PersonalData;
  readonly audit: AuditTrail;
}

/** Nobody signs in with the account, and whoever did is signed out everywhere. False: there is no such account, or it is locked. */
export function lockAccount(db: Db, { personal, audit }: Tools, who: string): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const id = await changed(tx, personal, who, { status: 'locked' }, 'active');
    if (id === undefined) return false;
    await endEverything(tx, id);
    await audit.record(tx, { event: 'account-locked', accountId: id });
    return true;
  });
}

/** The account can be used again; nobody is signed in. */
export function unlockAccount(db: Db, { personal, audit }: Tools, who: string): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const id = await changed(tx, personal, who, { status: 'active' }, 'locked');
    if (id === undefined) return false;
    await audit.record(tx, { event: 'account-unlocked', accountId: id });
    return true;
  });
}

/** Whoever is signed in stays so, with tokens that say the new role: those that say another are over. */
export function setRole(db: Db, { personal, audit }: Tools, who: string, role: Role): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const id = await changed(tx, personal, who, { role });
    if (id === undefined) return false;
    await tokensEnded(tx, id);
    await audit.record(tx, { event: 'role-changed', accountId: id });
    return true;
  });
}

/** All that anybody has by way of a client is over. A partner's application is shut out for good as well, our own are what the configuration says. */
export function revokeClient(db: Db, { audit }: Pick<Tools, 'audit'>, clientId: string, isOurs: boolean): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const shut = tx
      .updateTable('partner')
      .set({ revoked_at: new Date() })
      .where('client_id', '=', clientId)
      .where('revoked_at', 'is', null);
    const { numUpdatedRows } = await shut.executeTakeFirst();
    if (!isOurs && numUpdatedRows === 0n) return false;
    await sql`
      insert into ended_state (hash, until)
      select distinct grant_hash, ${endedFor} from oidc_state where client_id = ${clientId} and grant_hash is not null on conflict do nothing`.execute(
      tx,
    );
    await tx.deleteFrom('oidc_state').where('client_id', '=', clientId).execute();
    await clientEnded(tx, clientId);
    await audit.record(tx, { event: 'client-revoked', clientId });
    return true;
  });
}

/** One token is over before it expires; what it came of is not. */
export function revokeToken(db: Db, { audit }: Pick<Tools, 'audit'>, jti: string): Promise<void> {
  return db.transaction().execute(async (tx) => {
    await tellEnded(tx, [{ kind: 'token', id: jti }]);
    await audit.record(tx, { event: 'token-revoked' });
  });
}

async function changed(
  tx: Tx,
  personal: PersonalData,
  who: string,
  change: { status: 'active' | 'locked' } | { role: Role },
  from?: 'active' | 'locked',
): Promise<string | undefined> {
  const login = who.trim().toLowerCase();
  const row = await tx
    .updateTable('account')
    .set(change)
    .where(({ or, eb }) =>
      uuid.test(login) ? eb('id', '=', login) : or([eb('username', '=', login), eb('email_lookup', '=', personal.lookupOf(login))]),
    )
    .$if(from !== undefined, (query) => query.where('status', '=', from!))
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}
