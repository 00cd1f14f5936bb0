import type { SignInServices } from '../sign-in/sign-in.js';
import { signedInPlaces } from './sessions.js';

/** All that this application keeps about somebody, in words he can take elsewhere. Of a password there is only that it exists, and since when. */
export async function exportOf({ db, personal }: Pick<SignInServices, 'db' | 'personal'>, accountId: string) {
  const account = await db.selectFrom('account').selectAll().where('id', '=', accountId).executeTakeFirstOrThrow();
  const password = await db.selectFrom('password').select('changed_at').where('account_id', '=', accountId).executeTakeFirst();
  const passkeys = await db.selectFrom('passkey').select(['name', 'created_at', 'used_at']).where('account_id', '=', accountId).execute();
  const { id, username, name, role, created_at } = account;
  const places = await signedInPlaces(db, accountId);
  return {
    account: { id, username, name, role, email: personal.emailOf(account), createdAt: created_at },
    password: password ? { changedAt: password.changed_at } : null,
    passkeys: passkeys.map((passkey) => ({ name: passkey.name, addedAt: passkey.created_at, lastUsed: passkey.used_at })),
    signedIn: places.map(({ kind, clientId, since, lastUsed }) => ({ kind, client: clientId, since, lastUsed })),
  };
}
