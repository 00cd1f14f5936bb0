import { sql } from 'kysely';
import type { Db } from '../store/tables.js';
import { Lane } from '../mail/lane.js';

/** Tells a client that a session of it has ended. Rejects where it could not. */
export type TellClient = (clientId: string, accountId: string, sid: string) => Promise<void>;

const longestPauseSeconds = 600;

/**
 * Tells clients that a session of theirs has ended, by what was written down when it did: whoever ended it waits for nobody, and a client that is away is told
 * when it is back, for a day.
 */
export class LogoutNotices {
  readonly #lane: Lane;

  constructor(
    private readonly db: Db,
    private readonly tell: TellClient,
    private readonly report: (error: unknown) => void,
  ) {
    this.#lane = new Lane(() => this.#deliverOne(), report);
  }

  /** Sends what waits; never rejects. */
  deliver(): Promise<void> {
    return this.#lane.run();
  }

  /** It is lent to this replica while it leaves, which is a try: one that dies with it is sent again later. */
  async #deliverOne(): Promise<boolean> {
    const notice = await this.#claim();
    if (!notice) return false;
    await this.tell(notice.client_id, notice.account_id, notice.sid).then(() => this.#done(notice.id), this.report);
    return true;
  }

  #claim() {
    const pause = sql<Date>`now() + make_interval(secs => least(${longestPauseSeconds}::float8, power(2, least(tries, 20) + 2)))`;
    return this.db
      .updateTable('logout_notice')
      .set({ tries: sql<number>`tries + 1`, send_after: pause })
      .where('id', '=', ({ selectFrom }) =>
        selectFrom('logout_notice')
          .select('id')
          .where('send_after', '<=', sql<Date>`now()`)
          .orderBy('send_after')
          .limit(1)
          .forUpdate()
          .skipLocked(),
      )
      .returning(['id', 'client_id', 'account_id', 'sid'])
      .executeTakeFirst();
  }

  async #done(id: string): Promise<void> {
    await this.db.deleteFrom('logout_notice').where('id', '=', id).execute();
  }
}
