import { AccountOpened } from '@facet/contracts/accounts';
import { event, publish } from '@facet/events';
import type { Selectable } from 'kysely';
import type { AccountTable, Db } from '../store/tables.js';

export type Account = Selectable<AccountTable>;

export async function findAccount(db: Db, username: string): Promise<Account | undefined> {
  return db.selectFrom('account').selectAll().where('username', '=', username).executeTakeFirst();
}

/** Opens those accounts that do not exist yet, by id, username or address, and tells the others of each. */
export async function openAccounts(db: Db, accounts: readonly Account[]): Promise<Account[]> {
  if (accounts.length === 0) return [];
  return db.transaction().execute(async (tx) => {
    const opened = await tx
      .insertInto('account')
      .values([...accounts])
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .execute();
    await publish(tx, opened.map(accountOpened));
    return opened;
  });
}

function accountOpened({ id, username, name, email, role, created_at }: Account) {
  const data = AccountOpened.fromPartial({ accountId: id, username, name, email: email ?? '', role, openedAt: created_at });
  return event(AccountOpened, { key: id }, data);
}
