import { scopesOf } from '@facet/auth';
import { ProblemError } from '@facet/errors';
import { openAccounts } from '../accounts/accounts.js';
import type { PersonalData } from '../accounts/personal-data.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import { registerPartner } from '../clients/partners.js';
import { addPartnerAdmin } from '../partner-keys/partner-admins.js';
import type { PartnerKeys } from '../partner-keys/partner-keys.js';
import type { Passwords } from '../sign-in/passwords.js';
import type { Db } from '../store/tables.js';
import type { DemoAccounts, OpenedAccounts } from './demo-accounts.view.js';
import { markAsDemo } from '../store/demo-mark.js';

/** As docs say: the same for everybody of the demo world, and no secret. */
const demoPassword = 'facet-demo';

interface Services {
  readonly db: Db;
  readonly personal: PersonalData;
  readonly passwords: Passwords;
  readonly audit: AuditTrail;
  readonly partnerKeys: PartnerKeys;
}

/** Opens the accounts that are not there yet, once the database says for good that it holds a demo. */
export async function openDemoAccounts(services: Services, { accounts, partner }: DemoAccounts): Promise<OpenedAccounts> {
  const { db, personal, passwords } = services;
  await markAsDemo(db);
  const opened = await openAccounts(
    db,
    personal,
    accounts.map(({ openedAt, email, ...account }) => ({ ...account, email: email ?? null, created_at: new Date(openedAt) })),
  );
  await giveDemoPasswords(db, await passwords.hashOf(demoPassword), accounts);
  if (partner) await registerDemoPartner(services, partner);
  return { created: opened.length };
}

/** One hash for all of them: two hundred of their own would take a newcomer's first minute. */
async function giveDemoPasswords(db: Db, hash: string, accounts: DemoAccounts['accounts']): Promise<void> {
  const ids = accounts.filter(({ kind }) => kind === 'person').map(({ id }) => id);
  if (ids.length === 0) return;
  await db
    .insertInto('password')
    .columns(['account_id', 'hash'])
    .expression((from) =>
      from
        .selectFrom('account')
        .select((each) => ['id', each.val(hash).as('hash')])
        .where('id', 'in', ids),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function registerDemoPartner(
  { db, audit, partnerKeys }: Services,
  { apiKey, admins, ...partner }: NonNullable<DemoAccounts['partner']>,
): Promise<void> {
  const bot = await db.selectFrom('account').select(['kind', 'role']).where('id', '=', partner.botId).executeTakeFirst();
  if (bot?.kind !== 'bot') throw new ProblemError('invalid-request', { detail: `There is no bot ${partner.botId}.` });
  await registerPartner(db, partner);
  for (const username of admins) await addPartnerAdmin(db, audit, username, partner.clientId);
  const order = { clientId: partner.clientId, name: 'Demo', scopes: scopesOf([bot.role]), networks: [], days: 365 };
  if (apiKey) await partnerKeys.keep(apiKey, order, null);
}
