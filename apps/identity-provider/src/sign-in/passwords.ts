import { sql } from 'kysely';
import type { Config } from '../config.js';
import type { CodeWay, Db } from '../store/tables.js';
import { Argon2id, type Argon2idSettings } from './argon2id.js';
import { NobodysHashes } from './nobodys-hashes.js';

type Settings = Argon2idSettings & Pick<Config, 'ROOT_KEY'>;

export const longestPassword = 256;

/** The passwords of accounts, hashed. */
export class Passwords {
  readonly #argon2id: Argon2id;
  readonly #nobodys: NobodysHashes;

  constructor(settings: Settings) {
    this.#argon2id = new Argon2id(settings);
    this.#nobodys = new NobodysHashes(this.#argon2id, settings.ROOT_KEY);
  }

  hashOf(password: string): Promise<string> {
    return this.#argon2id.hash(normalized(password));
  }

  /** When it was found to be the password of the account, if it is. For an account that does not exist, or has none, the same work is done. */
  async prove(db: Db, accountId: string | undefined, { login, password }: { login: string; password: string }): Promise<Date | undefined> {
    const known = accountId === undefined ? undefined : await this.#read(db, accountId);
    const ofNobody = await this.#nobodys.of(db, login);
    const right = await this.#argon2id.verify(known?.hash ?? ofNobody, normalized(password));
    if (!right || !known || accountId === undefined) return undefined;
    if (!this.#argon2id.isCurrent(known.hash)) await this.#hashAgain(db, accountId, known.hash, password);
    return known.at;
  }

  /** `renewedBy`: how the code came that allowed it, where a code did. */
  async set(db: Db, accountId: string, hashed: string, renewedBy: CodeWay | null = null): Promise<void> {
    const columns = { hash: hashed, renewed_by: renewedBy };
    await db
      .insertInto('password')
      .values({ account_id: accountId, ...columns })
      .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ ...columns, changed_at: new Date() }))
      .execute();
  }

  /** By what the password was renewed that nobody has proved a second factor with since: what comes by the same way proves nothing more. */
  async renewedBy(db: Db, accountId: string): Promise<CodeWay | null> {
    const row = await db.selectFrom('password').select('renewed_by').where('account_id', '=', accountId).executeTakeFirst();
    return row?.renewed_by ?? null;
  }

  /** A second factor was proved with it. */
  async confirm(db: Db, accountId: string): Promise<void> {
    await db
      .updateTable('password')
      .set({ renewed_by: null })
      .where('account_id', '=', accountId)
      .where('renewed_by', 'is not', null)
      .execute();
  }

  /** With the parameters of today, where it is still the password that was right. */
  async #hashAgain(db: Db, accountId: string, verified: string, password: string): Promise<void> {
    const hashed = await this.hashOf(password);
    await db.updateTable('password').set({ hash: hashed }).where('account_id', '=', accountId).where('hash', '=', verified).execute();
  }

  /** Waits for who is changing it, so that whatever hash is read, the time is before its end. */
  #read(db: Db, accountId: string): Promise<{ hash: string; at: Date } | undefined> {
    return db
      .selectFrom('password')
      .select(['hash', sql<Date>`clock_timestamp()`.as('at')])
      .where('account_id', '=', accountId)
      .forShare()
      .executeTakeFirst();
  }
}

/** The same password, however a keyboard composes it. What is longer than any password of ours is cut, so that nobody can make us work on it. */
function normalized(password: string): string {
  return password.normalize('NFKC').slice(0, longestPassword + 1);
}
