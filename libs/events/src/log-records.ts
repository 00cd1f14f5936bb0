import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { EventRecord, StoredEvent } from './event.js';

interface LogRow extends Omit<EventRecord, 'traceparent'> {
  position: number;
  traceparent: string | null;
}

/** appendToLog: appends to the event log in order, as the role that is connected; it owns the topics, or administers the database. */
export async function appendToLog<Tables>(db: Kysely<Tables>, events: readonly EventRecord[]): Promise<void> {
  // Topics always in the same order, so that two who append to both never wait for each other.
  for (const topic of [...new Set(events.map((event) => event.topic))].sort()) {
    const own = events.filter((event) => event.topic === topic);
    await sql`select events.append(${topic}, ${own.map(({ id }) => id)}::uuid[], ${own.map(({ key }) => key)}::text[],
      ${own.map(({ type }) => type)}::text[], ${own.map(({ source }) => source)}::text[], ${own.map(({ time }) => time)}::timestamptz[],
      ${own.map(({ traceparent }) => traceparent ?? null)}::text[], ${own.map(({ data }) => Buffer.from(data))}::bytea[])`.execute(db);
  }
}

/** readLog: the records of a topic after a position, oldest first. */
export async function readLog<Tables>(db: Kysely<Tables>, topic: string, after = 0, limit: number | null = null): Promise<StoredEvent[]> {
  return await selectRecords(db, sql`events.read(${topic}, ${after}, ${limit})`);
}

/** The records of any source that has the columns of `events.record`. */
export async function selectRecords<Tables>(db: Kysely<Tables>, source: RawBuilder<unknown>): Promise<StoredEvent[]> {
  const { rows } = await sql<LogRow>`
    select topic, position, id, key, type, source, time, traceparent, data from ${source} as record order by position`.execute(db);
  return rows.map(({ traceparent, position, ...row }) => ({ ...row, ...(traceparent && { traceparent }), position: String(position) }));
}
