import { createHmac } from 'node:crypto';
import type { Selectable } from 'kysely';
import { derivedKey, type Sealed, type Vault } from '../keys/vault.js';
import type { AccountTable, Db } from '../store/tables.js';

type WithEmail = Pick<Selectable<AccountTable>, 'id' | 'email_sealed' | 'email_key_version'>;

type WithPhone = Pick<Selectable<AccountTable>, 'id' | 'phone_sealed' | 'phone_key_version'>;

const aboutPhone = (accountId: string) => `account.phone:${accountId}`;
const aboutEmail = (accountId: string) => `account.email:${accountId}`;

/** Addresses and phone numbers are sealed; an account is found by a keyed hash of its address, which nobody can compute from a copy of the database. */
export class PersonalData {
  readonly #lookupKey: Buffer;

  constructor(
    private readonly vault: Vault,
    rootKey: Uint8Array,
  ) {
    this.#lookupKey = derivedKey(rootKey, 'lookups');
  }

  lookupOf(email: string): string {
    return createHmac('sha256', this.#lookupKey).update(normalized(email)).digest('base64url');
  }

  /** Under which a name is held; no address is like it. */
  heldNameOf(username: string): string {
    return this.lookupOf(`username:${username}`);
  }

  columnsOf(accountId: string, email: string | null) {
    if (email === null) return { email_sealed: null, email_key_version: null, email_lookup: null };
    const { sealed, key_version }: Sealed = this.vault.seal(email, aboutEmail(accountId));
    return { email_sealed: sealed, email_key_version: key_version, email_lookup: this.lookupOf(email) };
  }

  emailOf({ id, email_sealed, email_key_version }: WithEmail): string | null {
    if (!email_sealed || email_key_version === null) return null;
    return this.vault.open({ sealed: email_sealed, key_version: email_key_version }, aboutEmail(id));
  }

  phoneColumnsOf(accountId: string, phone: string) {
    const { sealed, key_version } = this.vault.seal(phone, aboutPhone(accountId));
    return { phone_sealed: sealed, phone_key_version: key_version };
  }

  phoneOf({ id, phone_sealed, phone_key_version }: WithPhone): string | null {
    if (!phone_sealed || phone_key_version === null) return null;
    return this.vault.open({ sealed: phone_sealed, key_version: phone_key_version }, aboutPhone(id));
  }
}

/** Addresses of a database from before they were sealed. */
export async function sealPlainAddresses(db: Db, personal: PersonalData): Promise<void> {
  const rows = await db.selectFrom('account').select(['id', 'email']).where('email', 'is not', null).execute();
  for (const { id, email } of rows) {
    await db
      .updateTable('account')
      .set({ email: null, ...personal.columnsOf(id, email) })
      .where('id', '=', id)
      .where('email', 'is not', null)
      .execute();
  }
}

function normalized(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}
