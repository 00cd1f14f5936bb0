import { hash, verify, type Options } from '@node-rs/argon2';
import { sql } from 'kysely';
import type { Config } from '../config.js';
import type { CodeWay, Db } from '../store/tables.js';
import { NobodysHashes } from './nobodys-hashes.js';

type Settings = Pick<Config, 'ARGON2_MEMORY_KIB' | 'ARGON2_ITERATIONS' | 'ARGON2_PARALLELISM' | 'ROOT_KEY'>;

export const longestPassword = 256;

/** Passwords as Argon2id (RFC 9106), with the parameters of the configuration. */
export class Passwords {
  readonly #options: Options;
  readonly #prefix: string;
  readonly #nobodys: NobodysHashes;

  constructor({ ARGON2_MEMORY_KIB, ARGON2_ITERATIONS, ARGON2_PARALLELISM, ROOT_KEY }: Settings) {
    this.#options = { memoryCost: ARGON2_MEMORY_KIB, timeCost: ARGON2_ITERATIONS, parallelism: ARGON2_PARALLELISM };
    this.#prefix = `$argon2id$v=19$m=${ARGON2_MEMORY_KIB},t=${ARGON2_ITERATIONS},p=${ARGON2_PARALLELISM}$`;
    this.#nobodys = new NobodysHashes(this.#options, ROOT_KEY);
  }

  hashOf(password: string): Promise<string> {
    return hash(normalized(password), this.#options);
  }

  /** When it was found to be the password of the account, if it is. For an account that does not exist, or has none, the same work is done. */
  async prove(db: Db, accountId: string | undefined, { login, password }: { login: string; password: string }): Promise<Date | undefined> {
    const known = accountId === undefined ? undefined : await this.#read(db, accountId);
    const ofNobody = await this.#nobodys.of(db, login);
    const right = await verify(known?.hash ?? ofNobody, normalized(password));
    if (!right || !known || accountId === undefined) return undefined;
    if (!known.hash.startsWith(this.#prefix)) await this.#hashAgain(db, accountId, known.hash, password);
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
