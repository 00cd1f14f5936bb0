import { createHmac, randomInt } from 'node:crypto';
import { sql } from 'kysely';
import { Secret, TOTP } from 'otpauth';
import type { AuditTrail } from '../audit/audit-trail.js';
import { derivedKey, type Vault } from '../keys/vault.js';
import type { Db } from '../store/tables.js';

/** What an authenticator app is set up with. */
export interface Enrolment {
  readonly key: string;
  readonly uri: string;
}

export interface SetUp {
  readonly app: boolean;
  readonly passkey: boolean;
  /** A phone that gets codes. */
  readonly phone: boolean;
}

const period = 30;
const driftSteps = 1;
const secretBytes = 20;
const backupCodes = 10;
// Without those that look alike; ten of them are 49 bits.
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
const aboutTotp = (accountId: string) => `totp:${accountId}`;

/** Codes of an authenticator app (TOTP, RFC 6238: one step of drift either side, each step once) and backup codes (hashed with a key, each once). */
export class SecondFactors {
  readonly #key: Buffer;

  constructor(
    private readonly db: Db,
    private readonly vault: Vault,
    private readonly audit: AuditTrail,
    rootKey: Uint8Array,
    private readonly now: () => number = Date.now,
  ) {
    this.#key = derivedKey(rootKey, 'backup-codes');
  }

  async has(accountId: string): Promise<boolean> {
    const { app, passkey, phone } = await this.of(accountId);
    return app || passkey || phone;
  }

  /** Which ones the account has. Backup codes stand in for them, and are none by themselves. */
  async of(accountId: string): Promise<SetUp> {
    const { rows } = await sql<SetUp>`
      select exists (select from totp where account_id = ${accountId} and confirmed_at is not null) as app,
        exists (select from passkey where account_id = ${accountId}) as passkey,
        exists (select from account where id = ${accountId} and phone_sealed is not null) as phone`.execute(this.db);
    return rows[0]!;
  }

  /** A new secret, which counts once a code of it was right. One that counts already stays. */
  async begin(accountId: string, username: string): Promise<Enrolment | undefined> {
    const secret = new Secret({ size: secretBytes });
    const sealed = this.vault.seal(secret.base32, aboutTotp(accountId));
    const { numInsertedOrUpdatedRows } = await this.db
      .insertInto('totp')
      .values({ account_id: accountId, ...sealed })
      .onConflict((conflict) =>
        conflict
          .column('account_id')
          .doUpdateSet({ ...sealed, last_step: 0 })
          .where('totp.confirmed_at', 'is', null),
      )
      .executeTakeFirstOrThrow();
    if (!numInsertedOrUpdatedRows) return undefined;
    return { key: secret.base32, uri: new TOTP({ issuer: 'Facet', label: username, secret, period }).toString() };
  }

  /** Backup codes, shown this once, where the code is right. */
  async confirm(accountId: string, code: string): Promise<string[] | undefined> {
    if (!(await this.#isCodeOf(accountId, code, 'being set up'))) return undefined;
    return this.db.transaction().execute(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('totp')
        .set({ confirmed_at: sql`now()` })
        .where('account_id', '=', accountId)
        .where('confirmed_at', 'is', null)
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) return undefined;
      await this.audit.record(tx, { event: 'factor-added', about: 'app', accountId });
      return this.#writeBackupCodes(tx, accountId);
    });
  }

  /** Whether the code proves the second factor, by app or by backup code; it does so once. */
  async prove(accountId: string, code: string): Promise<boolean> {
    if (!(await this.has(accountId))) return false;
    return kindOfCode(code) === 'app' ? this.#isCodeOf(accountId, code, 'confirmed') : this.#useBackupCode(accountId, code);
  }

  async renewBackupCodes(accountId: string): Promise<string[]> {
    return this.db.transaction().execute((tx) => this.#writeBackupCodes(tx, accountId));
  }

  async remove(accountId: string): Promise<void> {
    await this.db.transaction().execute(async (tx) => {
      const { numDeletedRows } = await tx.deleteFrom('totp').where('account_id', '=', accountId).executeTakeFirst();
      if (numDeletedRows > 0n) await this.audit.record(tx, { event: 'factor-removed', about: 'app', accountId });
    });
    await this.forgetUselessCodes(accountId);
  }

  /** Backup codes of who has nothing that they stand in for. */
  async forgetUselessCodes(accountId: string): Promise<void> {
    if (await this.has(accountId)) return;
    await this.db.deleteFrom('backup_code').where('account_id', '=', accountId).execute();
  }

  /** A step that was used, or one before it, is refused: the row moves on, for one of those that come at once. */
  async #isCodeOf(accountId: string, code: string, state: 'being set up' | 'confirmed'): Promise<boolean> {
    const row = await this.db
      .selectFrom('totp')
      .select(['sealed', 'key_version'])
      .where('account_id', '=', accountId)
      .where('confirmed_at', state === 'confirmed' ? 'is not' : 'is', null)
      .executeTakeFirst();
    if (!row) return false;
    const totp = new TOTP({ secret: Secret.fromBase32(this.vault.open(row, aboutTotp(accountId))), period });
    const timestamp = this.now();
    const delta = totp.validate({ token: plain(code), timestamp, window: driftSteps });
    if (delta === null) return false;
    const step = TOTP.counter({ period, timestamp }) + delta;
    const { numUpdatedRows } = await this.db
      .updateTable('totp')
      .set({ last_step: step })
      .where('account_id', '=', accountId)
      .where('last_step', '<', step)
      .where('confirmed_at', state === 'confirmed' ? 'is not' : 'is', null)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async #useBackupCode(accountId: string, code: string): Promise<boolean> {
    const { numUpdatedRows } = await this.db
      .updateTable('backup_code')
      .set({ used_at: sql`now()` })
      .where('account_id', '=', accountId)
      .where('code_hash', '=', this.#hashOf(accountId, code))
      .where('used_at', 'is', null)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async #writeBackupCodes(tx: Db, accountId: string): Promise<string[]> {
    const codes = Array.from({ length: backupCodes }, newBackupCode);
    await tx.deleteFrom('backup_code').where('account_id', '=', accountId).execute();
    await tx
      .insertInto('backup_code')
      .values(codes.map((code) => ({ account_id: accountId, code_hash: this.#hashOf(accountId, code) })))
      .execute();
    await this.audit.record(tx, { event: 'backup-codes-renewed', accountId });
    return codes;
  }

  #hashOf(accountId: string, code: string): string {
    return createHmac('sha256', this.#key)
      .update(`${accountId}:${plain(code)}`)
      .digest('base64url');
  }
}

/** What a code looks like: six digits are an app's. */
export function kindOfCode(code: string): 'app' | 'backup-code' {
  return /^\d{6}$/.test(plain(code)) ? 'app' : 'backup-code';
}

function newBackupCode(): string {
  const text = Array.from({ length: 10 }, () => letters[randomInt(letters.length)]).join('');
  return `${text.slice(0, 5)}-${text.slice(5)}`;
}

function plain(code: string): string {
  return code.replace(/[\s-]/g, '').toLowerCase();
}
