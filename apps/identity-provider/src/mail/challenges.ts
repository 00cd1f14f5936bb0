import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import { derivedKey, type Vault } from '../keys/vault.js';
import type { ChallengeTable, CodeWay, Db } from '../store/tables.js';

type Purpose = ChallengeTable['purpose'];

/** Whom a code is for: an account, or what becomes one; nobody where there is neither. */
export interface For {
  readonly accountId?: string | undefined;
  readonly data?: object | undefined;
  /** When the step before was right, where there was one. */
  readonly provenAt?: Date | undefined;
}

export interface Passed {
  readonly accountId: string | null;
  readonly data: unknown;
  readonly provenAt: Date;
  /** How the code came that was right. */
  readonly by: CodeWay;
}

export interface Waiting {
  readonly accountId: string;
  readonly last: boolean;
  readonly provenAt: Date;
}

const mostTries = 5;
export const codeMinutes = 10;

/**
 * One-time codes of six digits: hashed with a key, for ten minutes, for one visit and purpose, for five tries, once. A new code ends the one before. Where a
 * code may come by letter or by text message, each way has its own, so that what is entered says by which it came.
 */
export class Challenges {
  readonly #key: Buffer;

  constructor(
    private readonly db: Db,
    private readonly vault: Vault,
    rootKey: Uint8Array,
  ) {
    this.#key = derivedKey(rootKey, 'codes');
  }

  /** The code of a letter. */
  async begin(visit: string, purpose: Purpose, whom: For): Promise<string> {
    return (await this.beginBy(['mail'], visit, purpose, whom)).mail;
  }

  /** The codes of these ways; that of another way is never right. */
  async beginBy(
    ways: readonly CodeWay[],
    visit: string,
    purpose: Purpose,
    { accountId, data, provenAt }: For,
  ): Promise<Record<CodeWay, string>> {
    const mail = String(randomInt(1_000_000)).padStart(6, '0');
    const other = String((Number(mail) + randomInt(1, 1_000_000)) % 1_000_000).padStart(6, '0');
    const visit_hash = this.#hashOf(visit);
    const sealed = data ? this.vault.seal(JSON.stringify(data), aboutChallenge(visit_hash, purpose)) : { sealed: null, key_version: null };
    const hashOfCode = (way: CodeWay, code: string) =>
      this.#hashOf(ways.includes(way) ? `${visit}:${purpose}:${code}` : randomBytes(32).toString('hex'));
    const columns = {
      account_id: accountId ?? null,
      code_hash: hashOfCode('mail', mail),
      sms_code_hash: hashOfCode('sms', other),
      ...sealed,
      tries: 0,
      proven_at: provenAt ?? null,
      expires_at: sql<Date>`now() + make_interval(mins => ${codeMinutes})`,
    };
    await this.db
      .insertInto('challenge')
      .values({ visit_hash, purpose, ...columns })
      .onConflict((conflict) => conflict.columns(['visit_hash', 'purpose']).doUpdateSet(columns))
      .execute();
    return { mail, sms: other };
  }

  /** What the code stands for, once; `wrong` may be tried again, `over` needs another code. A try counts before it is looked at. */
  async pass(visit: string, purpose: Purpose, code: string): Promise<Passed | 'wrong' | 'over'> {
    const row = await this.#try(visit, purpose);
    if (!row) return 'over';
    const given = Buffer.from(this.#hashOf(`${visit}:${purpose}:${code.replace(/\s/g, '')}`));
    const isThat = (hash: string | null) => timingSafeEqual(given, Buffer.from(hash ?? row.code_hash));
    const by = isThat(row.code_hash) ? 'mail' : isThat(row.sms_code_hash) ? 'sms' : undefined;
    const forSomebody = row.account_id !== null || row.sealed !== null;
    if (!by || !forSomebody) return row.tries >= mostTries ? 'over' : 'wrong';
    if (!(await this.end(visit, purpose))) return 'over';
    return { accountId: row.account_id, data: this.#dataOf(row), provenAt: row.at, by };
  }

  /** Whom a visit waits to prove himself by something else than a mailed code. Each time counts as a try. */
  async waitingFor(visit: string, purpose: Purpose): Promise<Waiting | undefined> {
    const row = await this.#try(visit, purpose);
    return row?.account_id ? { accountId: row.account_id, last: row.tries >= mostTries, provenAt: row.proven_at ?? row.at } : undefined;
  }

  /** Whom a visit waits for, without counting a try. */
  async whoWaits(visit: string, purpose: Purpose): Promise<string | undefined> {
    const row = await this.db
      .selectFrom('challenge')
      .select('account_id')
      .where('visit_hash', '=', this.#hashOf(visit))
      .where('purpose', '=', purpose)
      .where('expires_at', '>', sql<Date>`now()`)
      .executeTakeFirst();
    return row?.account_id ?? undefined;
  }

  /** What was there to end: of two that come at once, one ends it. */
  end(visit: string, purpose: Purpose): Promise<{ provenAt: Date | null } | undefined> {
    return this.db
      .deleteFrom('challenge')
      .where('visit_hash', '=', this.#hashOf(visit))
      .where('purpose', '=', purpose)
      .returning('proven_at as provenAt')
      .executeTakeFirst();
  }

  /** Ends what an account waits for in any visit. */
  async endAllOf(db: Db, accountId: string): Promise<void> {
    await db.deleteFrom('challenge').where('account_id', '=', accountId).execute();
    await db.deleteFrom('passkey_challenge').where('account_id', '=', accountId).execute();
  }

  #try(visit: string, purpose: Purpose) {
    return this.db
      .updateTable('challenge')
      .set({ tries: sql`tries + 1` })
      .where('visit_hash', '=', this.#hashOf(visit))
      .where('purpose', '=', purpose)
      .where('tries', '<', mostTries)
      .where('expires_at', '>', sql<Date>`now()`)
      .returningAll()
      .returning(sql<Date>`clock_timestamp()`.as('at'))
      .executeTakeFirst();
  }

  #dataOf({ visit_hash, purpose, sealed, key_version }: ChallengeTableRow): unknown {
    if (!sealed || key_version === null) return undefined;
    return JSON.parse(this.vault.open({ sealed, key_version }, aboutChallenge(visit_hash, purpose)));
  }

  #hashOf(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}

type ChallengeTableRow = Pick<ChallengeTable, 'visit_hash' | 'purpose' | 'sealed' | 'key_version'>;

function aboutChallenge(visitHash: string, purpose: Purpose): string {
  return `challenge:${visitHash}:${purpose}`;
}
