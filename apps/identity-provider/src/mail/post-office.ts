import { newId } from '@facet/database';
import { Logger } from '@nestjs/common';
import { sql } from 'kysely';
import type { Vault } from '../keys/vault.js';
import type { Db } from '../store/tables.js';
import { Lane } from './lane.js';

export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** A message to a phone. Where it cannot leave, the letter does instead, if there is one; after `until` (ms) it is of no use. */
export interface TextMessage {
  readonly phone: string;
  readonly text: string;
  readonly until: number;
  readonly instead?: Letter | undefined;
}

export type Post = Letter | TextMessage;

/** How something leaves; nothing leaves in development, where it waits in the mailbox. Rejects where it could not. `id` is the same at each try. */
export type Send<Kind extends Post> = (post: Kind, id: string) => Promise<void>;

export interface Way<Kind extends Post> {
  readonly send: Send<Kind>;
  readonly keepsSent: boolean;
}

/** Without a way for text messages, letters go instead of them. */
export interface Ways {
  readonly letter: Way<Letter>;
  readonly sms?: Way<TextMessage> | undefined;
}

type Kind = 'letter' | 'sms';
type Outcome = 'left' | 'later' | 'never' | Letter;
interface Row {
  readonly id: string;
  readonly tries: number;
  readonly sealed: Buffer;
  readonly key_version: number;
}

const mostTries = 8;
// Longer than a mail server or a gateway is waited for.
const leaseSeconds = 120;
const about = (id: string) => `mail:${id}`;

/**
 * Letters and text messages are written down, sealed, and leave soon after: whoever asked for one waits for no server and cannot tell by the time whether
 * there was one to send, nor by what way. What cannot leave is tried again, later each time; letters do not wait for text messages, nor the other way round.
 */
export class PostOffice {
  readonly #logger = new Logger('mail');
  readonly #lanes = { letter: this.#laneOf('letter'), sms: this.#laneOf('sms') };

  constructor(
    private readonly db: Db,
    private readonly vault: Vault,
    private readonly ways: Ways,
    private readonly now: () => number = Date.now,
  ) {}

  /** Whether phones can be reached. */
  get reachesPhones(): boolean {
    return this.ways.sms !== undefined;
  }

  async post(post: Post): Promise<void> {
    await this.write(this.db, post);
    void this.deliver();
  }

  /** Writes it down within a transaction. It leaves with the next delivery. */
  async write(db: Db, post: Post): Promise<void> {
    const id = newId();
    await db
      .insertInto('mail')
      .values({ id, kind: kindOf(post), ...this.#seal(id, post) })
      .execute();
  }

  /** Sends what waits; never rejects. */
  async deliver(): Promise<void> {
    await Promise.all([this.#lanes.letter.run(), this.#lanes.sms.run()]);
    // What no phone got goes as a letter.
    await this.#lanes.letter.run();
  }

  /** The newest, for the mailbox page of development. */
  async newest(): Promise<{ readonly post: Post; readonly at: Date }[]> {
    const rows = await this.db.selectFrom('mail').selectAll().orderBy('id', 'desc').limit(50).execute();
    return rows.map((row) => ({ post: this.#open(row), at: row.created_at }));
  }

  #laneOf(kind: Kind): Lane {
    return new Lane(
      () => this.#deliverOne(kind),
      (error) => this.#logger.warn({ error }, 'Letters wait'),
    );
  }

  /** It is lent to this replica while it leaves, which is a try: nothing is locked meanwhile, and one that dies with it is sent again later. */
  async #deliverOne(kind: Kind): Promise<boolean> {
    const row = await this.#claim(kind);
    if (!row) return false;
    const post = this.#open(row);
    const outcome = 'phone' in post ? await this.#text(row.id, post) : await this.#mail(row.id, post);
    await this.#settle(row, outcome, this.ways[kind]?.keepsSent ?? false);
    return true;
  }

  #mail(id: string, letter: Letter): Promise<Outcome> {
    return this.ways.letter.send(letter, id).then(
      () => 'left',
      (error: unknown) => {
        this.#logger.warn({ error }, 'A letter could not leave');
        return 'later';
      },
    );
  }

  async #text(id: string, message: TextMessage): Promise<Outcome> {
    if (message.until <= this.now()) return 'never';
    if (!this.ways.sms) return message.instead ?? 'never';
    return this.ways.sms.send(message, id).then(
      () => 'left',
      (error: unknown) => {
        this.#logger.warn({ error, asLetter: message.instead !== undefined }, 'A text message could not leave');
        return message.instead ?? 'later';
      },
    );
  }

  async #settle({ id, tries }: Row, outcome: Outcome, keepsSent: boolean): Promise<void> {
    if (outcome === 'never' || (outcome === 'left' && !keepsSent)) {
      await this.db.deleteFrom('mail').where('id', '=', id).execute();
      return;
    }
    await this.db
      .updateTable('mail')
      .set(this.#changes(id, tries, outcome))
      .where('id', '=', id)
      .execute();
  }

  #changes(id: string, tries: number, outcome: Exclude<Outcome, 'never'>) {
    if (outcome === 'left') return { sent_at: sql<Date>`now()` };
    if (outcome === 'later') return { send_after: sql<Date>`now() + make_interval(secs => 10 * power(2, ${tries - 1}::int))` };
    return { kind: 'letter', tries: 0, send_after: sql<Date>`now()`, ...this.#seal(id, outcome) } as const;
  }

  #claim(kind: Kind) {
    return this.db
      .updateTable('mail')
      .set({ tries: sql<number>`tries + 1`, send_after: sql<Date>`now() + make_interval(secs => ${leaseSeconds})` })
      .where('id', '=', ({ selectFrom }) =>
        selectFrom('mail')
          .select('id')
          .where('kind', '=', kind)
          .where('sent_at', 'is', null)
          .where('send_after', '<=', sql<Date>`now()`)
          .where('tries', '<', mostTries)
          .orderBy('send_after')
          .limit(1)
          .forUpdate()
          .skipLocked(),
      )
      .returning(['id', 'tries', 'sealed', 'key_version'])
      .executeTakeFirst();
  }

  #seal(id: string, post: Post) {
    return this.vault.seal(JSON.stringify(post), about(id));
  }

  #open({ id, sealed, key_version }: Pick<Row, 'id' | 'sealed' | 'key_version'>): Post {
    return JSON.parse(this.vault.open({ sealed, key_version }, about(id))) as Post;
  }
}

function kindOf(post: Post): Kind {
  return 'phone' in post ? 'sms' : 'letter';
}
