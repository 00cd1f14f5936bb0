import type { Migrations } from '@facet/database';
import { sql, type Transaction } from 'kysely';
import type { OutgoingEvent } from './event.js';

/** outboxMigrations: the table `event_outbox` of a service that publishes; spread it into the service's own. */
export const outboxMigrations: Migrations = {
  '0000_event_outbox': {
    async up(db) {
      await sql`create table event_outbox (
        sequence bigint generated always as identity primary key,
        id uuid not null,
        topic text not null,
        key text not null,
        type text not null,
        time timestamptz not null,
        traceparent text,
        data bytea not null
      )`.execute(db);
    },
  },
};

/** outboxChannel: on which PostgreSQL tells the relays of a schema that there is something to do. */
export const outboxChannel = 'facet_outbox';

/**
 * publish: writes the events into the outbox, within the caller's transaction: they are published if and only if it commits, soon after, in the order given.
 * At least once on the wire.
 */
export async function publish<Tables>(tx: Transaction<Tables>, events: readonly OutgoingEvent[]): Promise<void> {
  if (events.length === 0) return;
  await sql`with written as (
      insert into event_outbox (id, topic, key, type, time, traceparent, data)
      select * from unnest(
        ${events.map(({ id }) => id)}::uuid[],
        ${events.map(({ topic }) => topic)}::text[],
        ${events.map(({ key }) => key)}::text[],
        ${events.map(({ type }) => type)}::text[],
        ${events.map(({ time }) => time)}::timestamptz[],
        ${events.map(({ traceparent }) => traceparent ?? null)}::text[],
        ${events.map(({ data }) => Buffer.from(data))}::bytea[])
      returning 1)
    select pg_notify(${outboxChannel}, current_schema()) from (select count(*) from written) as done`.execute(tx);
}
