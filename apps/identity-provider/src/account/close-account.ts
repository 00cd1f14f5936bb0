import { AccountClosed } from '@facet/contracts/accounts';
import { event, publish } from '@facet/events';
import { holdUsername } from '../accounts/held-usernames.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { PersonalData } from '../accounts/personal-data.js';
import type { Letter, PostOffice } from '../mail/post-office.js';
import type { Db } from '../store/tables.js';
import { endEverything } from './sessions.js';

interface Services {
  readonly db: Db;
  readonly personal: PersonalData;
  readonly audit: AuditTrail;
  /** Absent where nothing can be mailed. */
  readonly postOffice: PostOffice | undefined;
}

/**
 * Erases somebody's account at once, with all that refers to it, and tells the others. A last letter says so, since it may not have been him. False: there
 * is no such person, perhaps no more.
 */
export async function closeAccount(
  { db, personal, audit, postOffice }: Services,
  accountId: string,
  lastLetter: Omit<Letter, 'to'>,
): Promise<boolean> {
  const closed = await db.transaction().execute(async (tx) => {
    // What else is kept for an account goes with its row.
    const account = await tx
      .deleteFrom('account')
      .where('id', '=', accountId)
      .where('kind', '=', 'person')
      .returningAll()
      .executeTakeFirst();
    if (!account) return false;
    await endEverything(tx, accountId);
    await audit.record(tx, { event: 'account-closed', accountId });
    await holdUsername(tx, personal, account.username);
    const email = personal.emailOf(account);
    if (email !== null) await postOffice?.write(tx, { to: email, ...lastLetter });
    await publish(tx, [event(AccountClosed, { key: accountId }, { accountId, closedAt: new Date() })]);
    return true;
  });
  if (closed) void postOffice?.deliver();
  return closed;
}
