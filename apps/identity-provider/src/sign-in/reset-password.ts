import { endEverything } from '../account/sessions.js';
import { faultOfPassword, type PasswordFault } from './password-rules.js';
import { findByEmail } from './sign-in.js';
import type { LetterTexts, MailServices } from './sign-up.js';

/** Mails a code to who forgot his password. An address without an account gets a letter that says so: the page tells nobody which it was. */
export async function beginReset(
  { db, personal, attempts, challenges, postOffice }: MailServices,
  email: string,
  { visit, address, letters }: { visit: string; address: string; letters: LetterTexts },
): Promise<{ waitSeconds: number } | 'mailed'> {
  const { waitSeconds } = await attempts.begin('mail', { name: email, address });
  if (waitSeconds !== undefined) return { waitSeconds };
  const accountId = await findByEmail(db, personal, email);
  const code = await challenges.begin(visit, 'reset', { accountId });
  await postOffice.post({ to: email, ...(accountId ? letters.codeLetter(code) : letters.otherLetter) });
  return 'mailed';
}

/** Gives the account another password and ends all that was signed in with the old one. */
export async function completeReset(
  { db, passwords, challenges }: MailServices,
  { visit, code, password }: { visit: string; code: string; password: string },
): Promise<PasswordFault | 'wrong' | 'over' | 'changed'> {
  const fault = faultOfPassword(password, []);
  if (fault) return fault;
  const hash = await passwords.hashOf(password);
  const passed = await challenges.pass(visit, 'reset', code);
  if (typeof passed === 'string') return passed;
  await passwords.set(db, passed.accountId!, hash);
  await endEverything(db, passed.accountId!);
  return 'changed';
}
