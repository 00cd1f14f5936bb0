import { ProblemError } from '@facet/errors';
import { openAccounts } from '../accounts/accounts.js';
import type { PersonalData } from '../accounts/personal-data.js';
import { registerPartner } from '../clients/partners.js';
import type { Db } from '../store/tables.js';
import type { DemoAccounts, OpenedAccounts } from './demo-accounts.view.js';
import { markAsDemo } from './demo-mark.js';

/** Opens the accounts that are not there yet, once the database says for good that it holds a demo. */
export async function openDemoAccounts(db: Db, personal: PersonalData, { accounts, partner }: DemoAccounts): Promise<OpenedAccounts> {
  await markAsDemo(db);
  const opened = await openAccounts(
    db,
    personal,
    accounts.map(({ openedAt, email, ...account }) => ({ ...account, email: email ?? null, created_at: new Date(openedAt) })),
  );
  if (partner) await registerDemoPartner(db, partner);
  return { created: opened.length };
}

async function registerDemoPartner(db: Db, partner: NonNullable<DemoAccounts['partner']>): Promise<void> {
  const bot = await db.selectFrom('account').select('kind').where('id', '=', partner.botId).executeTakeFirst();
  if (bot?.kind !== 'bot') throw new ProblemError('invalid-request', { detail: `There is no bot ${partner.botId}.` });
  await registerPartner(db, partner);
}
