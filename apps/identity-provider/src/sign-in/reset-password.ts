import { endEverything } from '../account/sessions.js';
import { codeMinutes } from '../mail/challenges.js';
import type { Post } from '../mail/post-office.js';
import type { Refusal } from '../mail/code-rules.js';
import type { CodeWay } from '../store/tables.js';
import { faultOfPassword, type PasswordFault } from './password-rules.js';
import { findByEmail } from './sign-in.js';
import { asked, type LetterTexts, type MailServices } from './sign-up.js';
import { reachablePhone } from './reachable-phone.js';

export interface ResetTexts extends LetterTexts {
  readonly codeText: (code: string) => string;
}

interface Asked {
  readonly visit: string;
  readonly address: string;
  /** How he would like to get the code. */
  readonly by: CodeWay;
  readonly letters: ResetTexts;
}

/**
 * Sends a code to who forgot his password: by letter, or to his phone where he has one. An address without an account gets a letter that says so. The page
 * tells nobody which it was, and makes nobody wait by anything but what he entered and where he is.
 */
export async function beginReset(services: MailServices, email: string, { visit, address, by, letters }: Asked): Promise<Refusal | 'sent'> {
  const { db, personal, codeRules, challenges, postOffice, audit } = services;
  const refusal = await codeRules.ask(email, address);
  await audit.record(db, { event: 'password-reset', tried: email, ...asked(refusal) });
  if (refusal) return refusal;
  const accountId = await findByEmail(db, personal, email);
  const tooMany = await codeRules.limits.count('account', accountId ?? `nobody:${email}`);
  const phone = by === 'sms' ? await reachablePhone(services, accountId) : undefined;
  const codes = await challenges.beginBy(phone ? ['sms', 'mail'] : ['mail'], visit, 'reset', { accountId });
  const letter = { to: email, ...(accountId ? letters.codeLetter(codes.mail) : letters.otherLetter) };
  if (!tooMany) await postOffice.post(phone ? textTo(phone, letters.codeText(codes.sms), letter) : letter);
  return 'sent';
}

export function textTo(phone: string, text: string, instead?: Extract<Post, { to: string }>): Post {
  return { phone, text, until: Date.now() + codeMinutes * 60_000, instead };
}

/** Gives the account another password and ends all that was signed in with the old one. */
export async function completeReset(
  { db, passwords, challenges, audit }: MailServices,
  { visit, code, password }: { visit: string; code: string; password: string },
): Promise<PasswordFault | 'wrong' | 'over' | 'changed'> {
  const fault = faultOfPassword(password, []);
  if (fault) return fault;
  const hash = await passwords.hashOf(password);
  const passed = await challenges.pass(visit, 'reset', code);
  if (typeof passed === 'string') {
    await audit.record(db, { event: 'password-reset', outcome: 'refused' });
    return passed;
  }
  const accountId = passed.accountId!;
  await db.transaction().execute(async (tx) => {
    await passwords.set(tx, accountId, hash, passed.by);
    await endEverything(tx, accountId);
    await challenges.endAllOf(tx, accountId);
    await audit.record(tx, { event: 'password-reset', accountId, ...(passed.by === 'sms' && { about: 'phone' as const }) });
    await audit.record(tx, { event: 'session-ended', about: 'everything', accountId });
  });
  return 'changed';
}
