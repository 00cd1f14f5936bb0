import { endEverything } from '../account/sessions.js';
import { faultOfPassword, type PasswordFault } from './password-rules.js';
import { findByEmail } from './sign-in.js';
import type { LetterTexts, MailServices } from './sign-up.js';

/** Mails a code to who forgot his password. An address without an account gets a letter that says so: the page tells nobody which it was. */
export async function beginReset(
  { db, personal, attempts, challenges, postOffice, audit }: MailServices,
  email: string,
  { visit, address, letters }: { visit: string; address: string; letters: LetterTexts },
): Promise<{ waitSeconds: number } | 'mailed'> {
  const { waitSeconds } = await attempts.begin('mail', { name: email, address });
  await audit.record(db, { event: 'password-reset', outcome: waitSeconds === undefined ? 'continued' : 'delayed', tried: email });
  if (waitSeconds !== undefined) return { waitSeconds };
  const accountId = await findByEmail(db, personal, email);
  const code = await challenges.begin(visit, 'reset', { accountId });
  await postOffice.post({ to: email, ...(accountId ? letters.codeLetter(code) : letters.otherLetter) });
  return 'mailed';
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
    await passwords.set(tx, accountId, hash);
    await endEverything(tx, accountId);
    await challenges.endAllOf(tx, accountId);
    await audit.record(tx, { event: 'password-reset', accountId });
    await audit.record(tx, { event: 'session-ended', about: 'everything', accountId });
  });
  return 'changed';
}
