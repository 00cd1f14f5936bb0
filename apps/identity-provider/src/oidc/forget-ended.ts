import type { KoaContextWithOIDC } from 'oidc-provider';
import type Provider from 'oidc-provider';
import type { Db } from '../store/tables.js';
import { sessionEnded } from '../revocations/ends.js';
import { rememberEnded } from './ended.js';
import { hashOf } from './state-adapter.js';

/** What somebody proved before all was ended that he was signed in with signs nobody in, also where it is looked at only now. True: it was so. */
export async function forgetEnded({ oidc: { session } }: KoaContextWithOIDC, db: Db): Promise<boolean> {
  if (session?.accountId === undefined || session.loginTs === undefined) return false;
  const account = await db.selectFrom('account').select('sessions_not_before').where('id', '=', session.accountId).executeTakeFirst();
  const since = account?.sessions_not_before;
  if (!since || since.getTime() < Math.round(session.loginTs * 1_000)) return false;
  for (const name of ['accountId', 'loginTs', 'acr', 'amr', 'authorizations'] as const) delete session[name];
  return true;
}

/** Signing out ends a session for good, and tokens say in whole seconds when it began. */
export function endForGood({ Session }: Provider, db: Db): void {
  const destroy = Session.prototype.destroy;
  Session.prototype.destroy = async function () {
    const uidHash = hashOf(this.uid);
    await db.transaction().execute(async (tx) => {
      await rememberEnded(tx, uidHash);
      await sessionEnded(tx, uidHash);
    });
    await destroy.call(this);
  };
  Session.prototype.authTime = function () {
    return this.loginTs === undefined ? undefined : Math.floor(this.loginTs);
  };
}
