import { sql } from 'kysely';
import type { PersonalData } from '../accounts/personal-data.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { Refusal } from '../mail/code-rules.js';
import { parsePhone } from '../mail/phone-numbers.js';
import { textTo } from '../sign-in/reset-password.js';
import { asked, type MailServices } from '../sign-in/sign-up.js';
import type { Db } from '../store/tables.js';

interface Wanted {
  readonly accountId: string;
  readonly visit: string;
  /** Where the request comes from. */
  readonly address: string;
  readonly phone: string;
  readonly codeText: (code: string) => string;
}

export type PhoneFault = 'not a number' | 'no such country' | Refusal;

/** Sends a code to a phone that somebody says is his. A number that others have too is taken: nobody learns that they do. */
export async function beginPhone(services: MailServices, wanted: Wanted): Promise<PhoneFault | { readonly phone: string }> {
  const { db, codeRules, challenges, postOffice, audit } = services;
  const { accountId, visit, address } = wanted;
  const phone = parsePhone(wanted.phone);
  if (phone === undefined) return 'not a number';
  if (!codeRules.reaches(phone)) {
    await audit.record(db, { event: 'code', outcome: 'refused', about: 'country', accountId });
    return 'no such country';
  }
  const refusal = (await codeRules.ask(phone, address)) ?? (await codeRules.limits.count('account', accountId));
  await audit.record(db, { event: 'code', accountId, ...asked(refusal), ...(!refusal && { outcome: 'ok', about: 'phone' }) });
  if (refusal) return refusal;
  const { sms } = await challenges.beginBy(['sms'], visit, 'phone', { accountId, data: { phone } });
  await postOffice.post(textTo(phone, wanted.codeText(sms)));
  return { phone };
}

/** Gives the account the phone to which the code was sent. */
export async function completePhone(
  { db, personal, challenges, audit }: MailServices,
  { accountId, visit, code }: { accountId: string; visit: string; code: string },
): Promise<'wrong' | 'over' | 'added'> {
  const passed = await challenges.pass(visit, 'phone', code);
  if (typeof passed === 'string' || passed.accountId !== accountId) {
    await audit.record(db, { event: 'verification', outcome: 'refused', about: 'phone', accountId });
    return typeof passed === 'string' ? passed : 'over';
  }
  const { phone } = passed.data as { phone: string };
  await db.transaction().execute(async (tx) => {
    const columns = { ...personal.phoneColumnsOf(accountId, phone), phone_since: sql<Date>`now()` };
    await tx.updateTable('account').set(columns).where('id', '=', accountId).execute();
    await forgetSentCodes(tx, accountId);
    await audit.record(tx, { event: 'factor-added', about: 'phone', accountId });
  });
  return 'added';
}

export async function removePhone({ db, audit }: { db: Db; audit: AuditTrail }, accountId: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('account')
      .set({ phone_sealed: null, phone_key_version: null, phone_since: null })
      .where('id', '=', accountId)
      .where('phone_sealed', 'is not', null)
      .executeTakeFirst();
    await forgetSentCodes(tx, accountId);
    if (numUpdatedRows > 0n) await audit.record(tx, { event: 'factor-removed', about: 'phone', accountId });
  });
}

export async function phoneOf({ db, personal }: { db: Db; personal: PersonalData }, accountId: string): Promise<string | null> {
  const columns = ['id', 'phone_sealed', 'phone_key_version'] as const;
  return personal.phoneOf(await db.selectFrom('account').select(columns).where('id', '=', accountId).executeTakeFirstOrThrow());
}

/** Codes that went to another phone than the account has now. */
async function forgetSentCodes(tx: Db, accountId: string): Promise<void> {
  await tx.deleteFrom('challenge').where('account_id', '=', accountId).where('purpose', '=', 'second-code').execute();
}
