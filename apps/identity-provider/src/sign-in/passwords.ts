import { hash, verify, type Options } from '@node-rs/argon2';
import type { Config } from '../config.js';
import type { Db } from '../store/tables.js';

type Settings = Pick<Config, 'ARGON2_MEMORY_KIB' | 'ARGON2_ITERATIONS' | 'ARGON2_PARALLELISM'>;

export const longestPassword = 256;

/** Passwords as Argon2id (RFC 9106), with the parameters of the configuration. */
export class Passwords {
  readonly #options: Options;
  readonly #prefix: string;
  #ofNobody: Promise<string> | undefined;

  constructor({ ARGON2_MEMORY_KIB, ARGON2_ITERATIONS, ARGON2_PARALLELISM }: Settings) {
    this.#options = { memoryCost: ARGON2_MEMORY_KIB, timeCost: ARGON2_ITERATIONS, parallelism: ARGON2_PARALLELISM };
    this.#prefix = `$argon2id$v=19$m=${ARGON2_MEMORY_KIB},t=${ARGON2_ITERATIONS},p=${ARGON2_PARALLELISM}$`;
  }

  hashOf(password: string): Promise<string> {
    return hash(normalized(password), this.#options);
  }

  /** Whether it is the password of the account. For an account that does not exist, or has none, the same work is done. */
  async isOf(db: Db, accountId: string | undefined, password: string): Promise<boolean> {
    const known = accountId === undefined ? undefined : await this.#read(db, accountId);
    this.#ofNobody ??= this.hashOf('');
    const right = await verify(known ?? (await this.#ofNobody), normalized(password));
    if (!right || !known || accountId === undefined) return false;
    if (!known.startsWith(this.#prefix)) await this.set(db, accountId, await this.hashOf(password));
    return true;
  }

  async set(db: Db, accountId: string, hashed: string): Promise<void> {
    await db
      .insertInto('password')
      .values({ account_id: accountId, hash: hashed })
      .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ hash: hashed, changed_at: new Date() }))
      .execute();
  }

  async #read(db: Db, accountId: string): Promise<string | undefined> {
    const row = await db.selectFrom('password').select('hash').where('account_id', '=', accountId).executeTakeFirst();
    return row?.hash;
  }
}

/** The same password, however a keyboard composes it. What is longer than any password of ours is cut, so that nobody can make us work on it. */
function normalized(password: string): string {
  return password.normalize('NFKC').slice(0, longestPassword + 1);
}
