import { newId } from '@facet/database';
import { z } from 'zod';
import { openAccounts } from '../accounts/accounts.js';
import type { Entry } from '../audit/audit-trail.js';
import { isTaken } from '../accounts/held-usernames.js';
import { findByEmail, type SignInServices } from './sign-in.js';
import type { Challenges } from '../mail/challenges.js';
import type { CodeRules, Refusal } from '../mail/code-rules.js';
import type { PostOffice } from '../mail/post-office.js';
import { faultOfPassword, type PasswordFault } from './password-rules.js';

export interface MailServices extends SignInServices {
  readonly challenges: Challenges;
  readonly postOffice: PostOffice;
  readonly codeRules: CodeRules;
}

/** What a letter says, in the language of who asked. */
export interface LetterTexts {
  readonly codeLetter: (code: string) => { subject: string; text: string };
  /** To an address for which there can be no code. */
  readonly otherLetter: { subject: string; text: string };
}

export const Wanted = z.object({
  email: z.email().max(254),
  username: z.string().regex(/^[a-z0-9][a-z0-9._-]{2,30}$/),
  name: z.string().trim().min(1).max(100),
  password: z.string(),
});
export type Wanted = z.infer<typeof Wanted>;

const Pending = Wanted.omit({ password: true }).extend({ hash: z.string() });

export type SignUpFault = 'username taken' | PasswordFault | Refusal;

/** Mails a code to who wants an account. An address that has one already gets a letter that says so: the page tells nobody which it was. */
export async function beginSignUp(
  services: MailServices,
  wanted: Wanted,
  { visit, address, letters }: { visit: string; address: string; letters: LetterTexts },
): Promise<SignUpFault | 'mailed'> {
  const { db, personal, passwords, codeRules, challenges, postOffice, audit } = services;
  const { email, username, name, password } = wanted;
  const fault = faultOfPassword(password, [email, username, name]);
  if (fault) return fault;
  const refusal = await codeRules.ask(email, address);
  await audit.record(db, { event: 'sign-up', tried: email, ...asked(refusal) });
  if (refusal) return refusal;
  // Usernames are public; that one is taken is no secret.
  if (await isTaken(db, personal, username)) return 'username taken';
  const data = { email, username, name, hash: await passwords.hashOf(password) };
  const known = await findByEmail(db, personal, email);
  const code = await challenges.begin(visit, 'sign-up', known ? {} : { data });
  await postOffice.post({ to: email, ...(known ? letters.otherLetter : letters.codeLetter(code)) });
  return 'mailed';
}

/** How the trail tells of a code that somebody asked for. */
export function asked(refusal: Refusal | undefined): Pick<Entry, 'outcome' | 'about' | 'delay'> {
  if (refusal === undefined) return { outcome: 'continued' };
  return refusal === 'country' ? { outcome: 'refused', about: 'country' } : { delay: refusal };
}

/** Opens the account whose address the code proves. `gone`: somebody else took the name or address meanwhile. */
export async function completeSignUp({ db, personal, passwords, challenges, audit }: MailServices, visit: string, code: string) {
  const passed = await challenges.pass(visit, 'sign-up', code);
  if (typeof passed === 'string') {
    await audit.record(db, { event: 'verification', outcome: 'refused' });
    return passed;
  }
  const { hash, ...pending } = Pending.parse(passed.data);
  if (await isTaken(db, personal, pending.username)) return 'gone';
  const id = newId();
  const account = { id, ...pending, role: 'user', kind: 'person', created_at: new Date() } as const;
  const [opened] = await openAccounts(db, personal, [account], async (tx) => {
    await passwords.set(tx, id, hash);
    await audit.record(tx, { event: 'verification', accountId: id });
    await audit.record(tx, { event: 'sign-up', accountId: id });
  });
  return opened ? { accountId: id, provenAt: passed.provenAt } : 'gone';
}
