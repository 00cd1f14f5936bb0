import type { AuditTrail } from '../audit/audit-trail.js';
import type { Db } from '../store/tables.js';

export interface AdministeredPartner {
  readonly clientId: string;
  readonly name: string;
}

/** The partners whose keys somebody manages. */
export async function administeredBy(db: Db, accountId: string): Promise<AdministeredPartner[]> {
  const rows = await db
    .selectFrom('partner_admin')
    .innerJoin('partner', 'partner.client_id', 'partner_admin.client_id')
    .innerJoin('account', 'account.id', 'partner.bot_id')
    .select(['partner.client_id', 'account.name'])
    .where('partner_admin.account_id', '=', accountId)
    .orderBy('account.name')
    .execute();
  return rows.map(({ client_id, name }) => ({ clientId: client_id, name }));
}

/** From now on this person manages the partner's keys. False: there is no such person, or no such partner. */
export async function addPartnerAdmin(db: Db, audit: AuditTrail, username: string, clientId: string): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const found = await tx
      .selectFrom('account')
      .innerJoin('partner', (join) => join.on('partner.client_id', '=', clientId))
      .select('account.id')
      .where('username', '=', username)
      .where('kind', '=', 'person')
      .executeTakeFirst();
    if (!found) return false;
    const { numInsertedOrUpdatedRows: added } = await tx
      .insertInto('partner_admin')
      .values({ account_id: found.id, client_id: clientId })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    if (added) await audit.record(tx, { event: 'partner-admin-added', accountId: found.id, clientId });
    return true;
  });
}

/** From now on he does no more; the keys that he made stay. False: he did not. */
export async function removePartnerAdmin(db: Db, audit: AuditTrail, username: string, clientId: string): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const removed = await tx
      .deleteFrom('partner_admin')
      .using('account')
      .whereRef('account.id', '=', 'partner_admin.account_id')
      .where('username', '=', username)
      .where('client_id', '=', clientId)
      .returning('account_id')
      .executeTakeFirst();
    if (removed) await audit.record(tx, { event: 'partner-admin-removed', accountId: removed.account_id, clientId });
    return removed !== undefined;
  });
}
