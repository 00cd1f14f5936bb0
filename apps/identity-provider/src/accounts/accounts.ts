import type { Role } from '@facet/auth';
import { AccountOpened } from '@facet/contracts/accounts';
import { event, publish } from '@facet/events';
import type { Db } from '../store/tables.js';
import type { PersonalData } from './personal-data.js';

export interface Account {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  readonly kind: 'person' | 'bot';
  /** Up to when tokens that speak for it were revoked. */
  readonly tokens_not_before?: Date | null;
}

export interface NewAccount extends Account {
  readonly email: string | null;
  readonly created_at: Date;
}

const columns = ['id', 'username', 'name', 'role', 'kind', 'tokens_not_before'] as const;

export async function findAccount(db: Db, username: string): Promise<Account | undefined> {
  return db.selectFrom('account').select(columns).where('username', '=', username).executeTakeFirst();
}

/** An account that may be used. */
export async function findAccountById(db: Db, id: string): Promise<Account | undefined> {
  return db.selectFrom('account').select(columns).where('id', '=', id).where('status', '=', 'active').executeTakeFirst();
}

/** Opens those accounts that do not exist yet, by id, username or address, and tells the others of each. `also` happens in the same transaction, where any was opened. */
export async function openAccounts(
  db: Db,
  personal: PersonalData,
  accounts: readonly NewAccount[],
  also?: (tx: Db) => Promise<void>,
): Promise<string[]> {
  if (accounts.length === 0) return [];
  return db.transaction().execute(async (tx) => {
    const opened = await tx
      .insertInto('account')
      .values(accounts.map(({ email, ...account }) => ({ ...account, ...personal.columnsOf(account.id, email) })))
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .execute();
    const ids = opened.map(({ id }) => id);
    await publish(tx, accounts.filter(({ id }) => ids.includes(id)).map(accountOpened));
    if (ids.length > 0) await also?.(tx);
    return ids;
  });
}

function accountOpened({ id, username, name, email, role, created_at }: NewAccount) {
  const data = AccountOpened.fromPartial({ accountId: id, username, name, email: email ?? '', role, openedAt: created_at });
  return event(AccountOpened, { key: id }, data);
}
