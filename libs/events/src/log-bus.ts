import { sql, type Kysely, type Transaction } from 'kysely';
import type { Deliver, Ends, EventBus, Feed, Pulse, Report, WatchStart } from './event-bus.js';
import type { EventRecord, StoredEvent } from './event.js';
import { LogFeed, type LogFeedOptions } from './log-feed.js';
import { appendToLog, readLog, selectRecords } from './log-records.js';
import type { WakeUps } from './wake-ups.js';

const batchSize = 200;

/** LogBus: the event log in the PostgreSQL schema `events`, which `@facet/events/provision` makes. Of a group, one process at a time works on a topic. */
export class LogBus implements EventBus {
  readonly #feeds: Feed[] = [];

  constructor(
    private readonly db: Kysely<unknown>,
    private readonly wakeUps: WakeUps,
    private readonly report: Report,
  ) {}

  async append(events: readonly EventRecord[], tx: Transaction<unknown>): Promise<void> {
    await appendToLog(tx, events);
  }

  async consume(group: string, topics: readonly string[], deliver: Deliver): Promise<Feed> {
    const feeds = topics.map((topic) => {
      let joined = false;
      return this.#feed({ topic, lock: `${group}:${topic}` }, async () => {
        if (!joined) await sql`select events.join_group(${group}, ${topic})`.execute(this.db);
        joined = true;
        const events = await selectRecords(this.db, sql`events.read_group(${group}, ${topic}, ${batchSize})`);
        if (events.length === 0) return false;
        await deliver(events);
        await sql`select events.advance(${group}, ${topic}, ${Number(events.at(-1)?.position)})`.execute(this.db);
        return true;
      });
    });
    return { stop: async () => void (await Promise.all(feeds.map((feed) => feed.stop()))) };
  }

  async watch(topic: string, from: WatchStart, deliver: Deliver, pulse?: Pulse): Promise<Feed> {
    let position = await this.#positionOf(topic, from);
    return this.#feed({ topic, pulse }, async () => {
      const events = await readLog(this.db, topic, position, batchSize);
      if (events.length === 0) return false;
      await deliver(events);
      position = Number(events.at(-1)?.position);
      return true;
    });
  }

  async deadLetter(group: string, { topic, position }: StoredEvent, reason: string, tx: Transaction<unknown>): Promise<void> {
    await sql`select events.dead_letter(${group}, ${topic}, ${Number(position)}, ${reason})`.execute(tx);
  }

  async deadLetters(group: string, topic: string): Promise<readonly StoredEvent[]> {
    const letters = await selectRecords(
      this.db,
      sql`(select * from events.read(${`${topic}.dlq`}, 0, null) where consumer_group = ${group})`,
    );
    return letters.map((letter) => ({ ...letter, topic }));
  }

  async endsOf(topics: readonly string[]): Promise<Ends> {
    const { rows } = await sql<{ topic: string; position: number | null }>`
      select topic, events.last_position(topic) as position from unnest(${topics}::text[]) as topic`.execute(this.db);
    return new Map(rows.map(({ topic, position }) => [topic, position ?? 0]));
  }

  async caughtUp(group: string, topics: readonly string[], ends?: Ends): Promise<boolean> {
    for (const topic of topics) this.wakeUps.call(topic);
    const { rows } = await sql<{ topic: string; position: number | null; behind: number }>`
      select topic, events.last_position(topic) as position, events.behind(${group}, array[topic]) as behind
      from unnest(${topics}::text[]) as topic`.execute(this.db);
    return rows.every(({ topic, position, behind }) => (position ?? 0) - behind >= (ends?.get(topic) ?? position ?? 0));
  }

  async close(): Promise<void> {
    await Promise.all(this.#feeds.map((feed) => feed.stop()));
  }

  #feed(what: Pick<LogFeedOptions, 'topic' | 'lock' | 'pulse'>, work: () => Promise<boolean>): Feed {
    const feed = new LogFeed({ ...what, wakeUps: this.wakeUps, report: this.report, work });
    this.#feeds.push(feed);
    return feed;
  }

  async #positionOf(topic: string, from: WatchStart): Promise<number> {
    if (from === 'start') return 0;
    if (from === 'now') return this.#lastPosition(topic);
    return from instanceof Date ? this.#positionAt(topic, from) : Number(from);
  }

  async #positionAt(topic: string, time: Date): Promise<number> {
    const { rows } = await sql<{ position: number }>`select events.position_at(${topic}, ${time}) as position`.execute(this.db);
    return rows[0]?.position ?? 0;
  }

  async #lastPosition(topic: string): Promise<number> {
    const { rows } = await sql<{ position: number | null }>`select events.last_position(${topic}) as position`.execute(this.db);
    return rows[0]?.position ?? 0;
  }
}
