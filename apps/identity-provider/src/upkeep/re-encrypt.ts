import { sql } from 'kysely';
import type { PersonalData } from '../accounts/personal-data.js';
import type { Vault } from '../keys/vault.js';
import { aboutState } from '../oidc/state-adapter.js';
import type { Db } from '../store/tables.js';

const batch = 200;

interface SealedRow {
  readonly row: string;
  readonly about: string;
  readonly sealed: Buffer;
  readonly key_version: number;
}

/** A table with something sealed in it. `about` says, in SQL, which row it is sealed for. */
interface SealedColumn {
  readonly table: string;
  readonly sealed: string;
  readonly version: string;
  readonly about: string;
}

const sealedColumns: readonly SealedColumn[] = [
  { table: 'account', sealed: 'email_sealed', version: 'email_key_version', about: `'account.email:' || id` },
  { table: 'account', sealed: 'phone_sealed', version: 'phone_key_version', about: `'account.phone:' || id` },
  { table: 'signing_key', sealed: 'sealed', version: 'key_version', about: `'signing_key:' || kid` },
  { table: 'oidc_state', sealed: 'sealed', version: 'key_version', about: `'${aboutState("' || model || '", "' || id_hash || '")}'` },
  { table: 'oidc_state', sealed: 'from_sealed', version: 'from_key_version', about: `'oidc_state.from:' || model || ':' || id_hash` },
  { table: 'totp', sealed: 'sealed', version: 'key_version', about: `'totp:' || account_id` },
  { table: 'mail', sealed: 'sealed', version: 'key_version', about: `'mail:' || id` },
  { table: 'audit_event', sealed: 'sealed', version: 'key_version', about: `'audit_event:' || id` },
  { table: 'challenge', sealed: 'sealed', version: 'key_version', about: `'challenge:' || visit_hash || ':' || purpose` },
];

/** Seals with the newest key all that an older one sealed, while the application runs; after it no row needs the older keys. Counts the values. */
export async function reEncrypt(db: Db, vault: Vault): Promise<number> {
  let count = 0;
  for (const column of sealedColumns) {
    for (let done = batch; done === batch; count += done) done = await sealBatch(db, vault, column);
  }
  return count;
}

async function sealBatch(db: Db, vault: Vault, { table, sealed, version, about }: SealedColumn): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<SealedRow>`
      select ctid::text as row, ${sql.raw(about)} as about, ${sql.ref(sealed)} as sealed, ${sql.ref(version)} as key_version
      from ${sql.table(table)} where ${sql.ref(version)} < ${vault.version} limit ${batch} for update`.execute(tx);
    for (const { row, about, ...old } of rows) {
      const fresh = vault.seal(vault.open(old, about), about);
      await sql`update ${sql.table(table)} set ${sql.ref(sealed)} = ${fresh.sealed}, ${sql.ref(version)} = ${fresh.key_version}
        where ctid = ${row}::tid`.execute(tx);
    }
    return rows.length;
  });
}

/** Computes the lookups of all addresses anew, for a ROOT_KEY that has changed. Until it is done some accounts are not found by their address. */
export async function renewLookups(db: Db, personal: PersonalData): Promise<number> {
  const rows = await db
    .selectFrom('account')
    .select(['id', 'email_sealed', 'email_key_version', 'email_lookup'])
    .where('email_sealed', 'is not', null)
    .execute();
  let count = 0;
  for (const row of rows) {
    const email_lookup = personal.lookupOf(personal.emailOf(row)!);
    if (email_lookup === row.email_lookup) continue;
    await db.updateTable('account').set({ email_lookup }).where('id', '=', row.id).execute();
    count++;
  }
  return count;
}
