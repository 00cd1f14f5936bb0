import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { derivedKey } from '../keys/vault.js';
import type { Db } from '../store/tables.js';

/** Of what attempts are counted: for each so many are free, then each doubles the wait, up to the longest. */
interface Subject {
  readonly name: string;
  readonly free: number;
  readonly longestSeconds: number;
}

/** What must wait, and what it was counted by: something known by a keyed hash, a name or else an address. */
export interface Delay {
  readonly waitSeconds: number;
  readonly subject: string;
  readonly byName: boolean;
}

export interface Attempt {
  /** Absent: it may go on. */
  readonly delay?: Delay;
  /** What was counted against the name is forgotten; what was counted against the address is taken back. */
  succeeded(): Promise<void>;
}

/**
 * Counts attempts to guess by the name that is tried, whether it exists or not, and by the address that tries. An attempt counts before its outcome is
 * known, in one statement: a hundred at the same moment are a hundred.
 */
export class Attempts {
  readonly #key: Buffer;

  constructor(
    private readonly db: Db,
    rootKey: Uint8Array,
  ) {
    this.#key = derivedKey(rootKey, 'attempts');
  }

  async begin(kind: string, { name, address }: { name: string; address: string }): Promise<Attempt> {
    const byAddress = { name: this.#hashed(`address:${kind}:${address}`), free: 20, longestSeconds: 900 };
    const byName = { name: this.#hashed(`name:${kind}:${name.trim().toLowerCase()}`), free: 4, longestSeconds: 300 };
    const delay = (await this.#count(byAddress, false)) ?? (await this.#count(byName, true));
    const succeeded = async () => {
      await this.db.deleteFrom('attempt').where('subject', '=', byName.name).execute();
      const back = { failures: sql<number>`greatest(failures - 1, 0)`, blocked_until: sql<Date>`now()` };
      await this.db.updateTable('attempt').set(back).where('subject', '=', byAddress.name).execute();
    };
    return { ...(delay && { delay }), succeeded };
  }

  async #count({ name, free, longestSeconds }: Subject, byName: boolean): Promise<Delay | undefined> {
    const { rows } = await sql<{ failures: number }>`
      insert into attempt as a (subject, failures, blocked_until, last_at) values (${name}, 1, now(), now())
      on conflict (subject) do update set
        failures = case when a.last_at < now() - interval '1 day' then 1 else a.failures + 1 end,
        blocked_until = now() + make_interval(secs => least(${longestSeconds}::float8,
          case when a.last_at < now() - interval '1 day' then 0 else power(2, greatest(0, least(30, a.failures + 1 - ${free}::int))) - 1 end)),
        last_at = now()
      where a.blocked_until <= clock_timestamp()
      returning failures`.execute(this.db);
    return rows.length > 0 ? undefined : { waitSeconds: await this.#waitOf(name), subject: name, byName };
  }

  async #waitOf(subject: string): Promise<number> {
    const row = await this.db
      .selectFrom('attempt')
      .select(sql<number>`ceil(extract(epoch from blocked_until - now()))::int`.as('seconds'))
      .where('subject', '=', subject)
      .executeTakeFirst();
    return Math.max(1, row?.seconds ?? 1);
  }

  #hashed(subject: string): string {
    return createHmac('sha256', this.#key).update(subject).digest('base64url');
  }
}
