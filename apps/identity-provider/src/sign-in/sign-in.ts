import type { PersonalData } from '../accounts/personal-data.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { Db } from '../store/tables.js';
import type { Attempts, Delay } from './attempts.js';
import type { Passwords } from './passwords.js';

export interface SignInServices {
  readonly db: Db;
  readonly personal: PersonalData;
  readonly passwords: Passwords;
  readonly attempts: Attempts;
  readonly audit: AuditTrail;
}

export interface Credentials {
  /** E-mail or username. */
  readonly login: string;
  readonly password: string;
  /** Where the request comes from. */
  readonly address: string;
}

/** Who it is, and when he proved it: what was ended later stays ended. */
export interface Proven {
  readonly accountId: string;
  readonly provenAt: Date;
}

export type SignIn = Proven | Delay | 'refused';

/** Who this is, by password. Who does not exist is refused in the same words, after the same work, and with the same waits, as who has another password. */
export async function signIn(
  { db, personal, passwords, attempts }: SignInServices,
  { login, password, address }: Credentials,
): Promise<SignIn> {
  const attempt = await attempts.begin('sign-in', { name: login, address });
  if (attempt.delay) return attempt.delay;
  const accountId = await findByLogin(db, personal, login);
  const provenAt = await passwords.prove(db, accountId, { login, password });
  if (provenAt === undefined || accountId === undefined) return 'refused';
  await attempt.succeeded();
  return { accountId, provenAt };
}

export async function findByEmail(db: Db, personal: PersonalData, email: string): Promise<string | undefined> {
  return (await people(db).where('email_lookup', '=', personal.lookupOf(email)).executeTakeFirst())?.id;
}

async function findByLogin(db: Db, personal: PersonalData, login: string): Promise<string | undefined> {
  if (login.includes('@')) return findByEmail(db, personal, login);
  return (await people(db).where('username', '=', login.trim().toLowerCase()).executeTakeFirst())?.id;
}

function people(db: Db) {
  return db.selectFrom('account').select('id').where('kind', '=', 'person').where('status', '=', 'active');
}
