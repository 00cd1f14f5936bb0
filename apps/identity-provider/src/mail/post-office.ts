import { newId } from '@facet/database';
import { Logger } from '@nestjs/common';
import { sql } from 'kysely';
import type { Vault } from '../keys/vault.js';
import type { Db } from '../store/tables.js';

export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** How a letter leaves: SMTP in production, nothing in development, where it waits in the mailbox. Rejects where it must be tried again. */
export type Send = (letter: Letter) => Promise<void>;

export interface KeptLetter extends Letter {
  readonly at: Date;
}

const mostTries = 8;
// Longer than a mail server is waited for.
const leaseSeconds = 120;
const about = (id: string) => `mail:${id}`;

/**
 * Letters are written down, sealed, and leave soon after: whoever asked for one waits for no mail server and cannot tell by the time whether there was a
 * letter to send. One that cannot leave is tried again, later each time.
 */
export class PostOffice {
  readonly #logger = new Logger('mail');
  #delivering: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: Db,
    private readonly vault: Vault,
    private readonly send: Send,
    private readonly keepsSent: boolean,
  ) {}

  async post(letter: Letter): Promise<void> {
    await this.write(this.db, letter);
    void this.deliver();
  }

  /** Writes it down within a transaction. It leaves with the next delivery. */
  async write(db: Db, letter: Letter): Promise<void> {
    const id = newId();
    await db
      .insertInto('mail')
      .values({ id, ...this.vault.seal(JSON.stringify(letter), about(id)) })
      .execute();
  }

  /** Sends what waits; never rejects. */
  deliver(): Promise<void> {
    return (this.#delivering = this.#delivering
      .then(() => this.#deliverAll())
      .catch((error: unknown) => this.#logger.warn({ error }, 'Letters wait')));
  }

  /** The newest letters, for the mailbox page of development. */
  async newest(): Promise<KeptLetter[]> {
    const rows = await this.db.selectFrom('mail').selectAll().orderBy('id', 'desc').limit(50).execute();
    return rows.map(({ id, created_at, ...sealed }) => ({ ...this.#open(id, sealed), at: created_at }));
  }

  async #deliverAll(): Promise<void> {
    while (await this.#deliverOne());
  }

  /** It is lent to this replica while it leaves, which is a try: nothing is locked meanwhile, and one that dies with it is sent again later. */
  async #deliverOne(): Promise<boolean> {
    const row = await this.#claim();
    if (!row) return false;
    const left = await this.send(this.#open(row.id, row)).then(
      () => true,
      (error: unknown) => void this.#logger.warn({ error }, 'A letter could not leave'),
    );
    if (left && !this.keepsSent) await this.db.deleteFrom('mail').where('id', '=', row.id).execute();
    else {
      const later = sql<Date>`now() + make_interval(secs => 10 * power(2, ${row.tries - 1}::int))`;
      const outcome = left ? { sent_at: sql<Date>`now()` } : { send_after: later };
      await this.db.updateTable('mail').set(outcome).where('id', '=', row.id).execute();
    }
    return true;
  }

  #claim() {
    return this.db
      .updateTable('mail')
      .set({ tries: sql<number>`tries + 1`, send_after: sql<Date>`now() + make_interval(secs => ${leaseSeconds})` })
      .where('id', '=', ({ selectFrom }) =>
        selectFrom('mail')
          .select('id')
          .where('sent_at', 'is', null)
          .where('send_after', '<=', sql<Date>`now()`)
          .where('tries', '<', mostTries)
          .orderBy('send_after')
          .limit(1)
          .forUpdate()
          .skipLocked(),
      )
      .returningAll()
      .executeTakeFirst();
  }

  #open(id: string, { sealed, key_version }: { sealed: Buffer; key_version: number }): Letter {
    return JSON.parse(this.vault.open({ sealed, key_version }, about(id))) as Letter;
  }
}
