import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { derivedKey } from '../keys/vault.js';
import type { Delay } from '../sign-in/attempts.js';
import type { Db } from '../store/tables.js';

/** How many codes an hour, at once or spread over it. */
export interface CodesPerHour {
  /** To one e-mail address or phone number. */
  readonly to: number;
  readonly account: number;
  /** Asked for from one place (an IP address). */
  readonly from: number;
}

const hourSeconds = 3_600;

/**
 * How many codes may go to one address, to one account, and be asked for from one place, over all replicas. Counted before anything is sent, in one
 * statement (the generic cell rate algorithm: the row holds when it would be as if there had been none).
 */
export class CodeLimits {
  readonly #key: Buffer;

  constructor(
    private readonly db: Db,
    rootKey: Uint8Array,
    private readonly perHour: CodesPerHour,
  ) {
    this.#key = derivedKey(rootKey, 'code-limits');
  }

  /** Counts one; says how long to wait where there were too many. */
  async count(what: keyof CodesPerHour, whose: string): Promise<Delay | undefined> {
    const subject = createHmac('sha256', this.#key)
      .update(`${what}:${whose.trim().normalize('NFC').toLowerCase()}`)
      .digest('base64url');
    const each = hourSeconds / this.perHour[what];
    const { rows } = await sql`
      insert into code_limit as known (subject, free_at) values (${subject}, clock_timestamp() + make_interval(secs => ${each}))
      on conflict (subject) do update set free_at = greatest(known.free_at, clock_timestamp()) + make_interval(secs => ${each})
      where known.free_at <= clock_timestamp() + make_interval(secs => ${hourSeconds - each})
      returning subject`.execute(this.db);
    if (rows.length > 0) return undefined;
    return { subject, byName: what !== 'from', waitSeconds: await this.#waitOf(subject, hourSeconds - each) };
  }

  async #waitOf(subject: string, most: number): Promise<number> {
    const row = await this.db
      .selectFrom('code_limit')
      .select(sql<number>`ceil(extract(epoch from free_at - now()))::int`.as('seconds'))
      .where('subject', '=', subject)
      .executeTakeFirst();
    return Math.max(1, Math.ceil((row?.seconds ?? 0) - most));
  }
}
