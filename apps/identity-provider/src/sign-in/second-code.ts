import type { AuditOutcome, CodeWay } from '../store/tables.js';
import type { Refusal } from '../mail/code-rules.js';
import type { Letter } from '../mail/post-office.js';
import type { SecondStep } from './prove-second-factor.js';
import { textTo } from './reset-password.js';
import { asked, type MailServices } from './sign-up.js';

export interface SecondCodeTexts {
  readonly codeText: (code: string) => string;
  readonly codeLetter: (code: string) => Omit<Letter, 'to'>;
}

interface At {
  readonly visit: string;
  /** Where the request comes from. */
  readonly address: string;
}

export type SentCode = { readonly ways: readonly CodeWay[] } | Refusal | 'over' | 'nowhere';

/**
 * Sends a code as a second step to who proved his password in this visit and has a phone: there, and by e-mail should it not arrive. By no way by which the
 * password itself was renewed: the same mailbox twice is one proof. Asking is a try of the second step.
 */
export async function sendSecondCode(
  services: MailServices,
  { visit, address, letters }: At & { letters: SecondCodeTexts },
): Promise<SentCode> {
  const { db, codeRules, challenges, postOffice, audit } = services;
  const waiting = await challenges.waitingFor(visit, 'second-factor');
  if (!waiting) return 'over';
  const { accountId } = waiting;
  const reached = await reachedBy(services, accountId);
  if (reached === undefined) return 'over';
  const { phone, email, ways } = reached;
  if (ways.length === 0) return 'nowhere';
  const bySms = ways.includes('sms');
  const refusal = (await codeRules.ask(phone, address)) ?? (await codeRules.limits.count('account', accountId));
  await audit.record(db, {
    event: 'code',
    accountId,
    ...asked(refusal),
    ...(!refusal && { outcome: 'ok', about: bySms ? 'phone' : 'mail' }),
  });
  if (refusal) return refusal;
  const codes = await challenges.beginBy(ways, visit, 'second-code', { accountId });
  const letter = ways.includes('mail') ? { to: email!, ...letters.codeLetter(codes.mail) } : undefined;
  await postOffice.post(bySms ? textTo(phone, letters.codeText(codes.sms), letter) : letter!);
  return { ways };
}

/** How a code may come to an account that has a phone, and is no proof that the password was already. */
async function reachedBy({ db, personal, passwords, codeRules, postOffice }: MailServices, accountId: string) {
  const account = await db.selectFrom('account').selectAll().where('id', '=', accountId).executeTakeFirst();
  const phone = account && personal.phoneOf(account);
  if (!phone) return undefined;
  const email = personal.emailOf(account);
  const used = await passwords.renewedBy(db, accountId);
  const able = { sms: postOffice.reachesPhones && codeRules.reaches(phone), mail: email !== null };
  return { phone, email, ways: (['sms', 'mail'] as const).filter((way) => way !== used && able[way]) };
}

/** The second step by a code that was sent. Five tries for each, and over all visits a wait that grows, together with the other second steps. */
export async function proveSecondCode(
  { db, passwords, attempts, challenges, audit }: MailServices,
  { visit, code, address }: At & { code: string },
): Promise<SecondStep> {
  const accountId = await challenges.whoWaits(visit, 'second-factor');
  if (accountId === undefined) return 'over';
  const { delay, succeeded } = await attempts.begin('second-factor', { name: accountId, address });
  const record = (outcome: AuditOutcome, by?: CodeWay) =>
    audit.record(db, { event: 'second-step', outcome, about: by === 'mail' ? 'mail' : 'phone', accountId, delay });
  if (delay) {
    await record('delayed');
    return delay;
  }
  const passed = await challenges.pass(visit, 'second-code', code);
  if (typeof passed === 'string') {
    await record('refused');
    return passed;
  }
  const first = await challenges.end(visit, 'second-factor');
  if (!first || passed.accountId !== accountId) return 'over';
  await succeeded();
  await passwords.confirm(db, accountId);
  await record('ok', passed.by);
  return { accountId, amr: ['pwd', passed.by === 'sms' ? 'sms' : 'otp', 'mfa'], provenAt: first.provenAt ?? passed.provenAt };
}
