import type { Migrations } from '@facet/database';
import { sql, type Kysely, type Transaction } from 'kysely';
import type { StoredEvent } from './event.js';

/** inboxMigrations: the table `event_inbox` of a service that consumes; spread it into the service's own. */
export const inboxMigrations: Migrations = {
  '0000_event_inbox': {
    async up(db) {
      await sql`create table event_inbox (
        consumer_group text not null,
        event_id uuid not null,
        consumed_at timestamptz not null default now(),
        dead boolean not null default false,
        primary key (consumer_group, event_id)
      )`.execute(db);
    },
  },
};

/** Notes the events as consumed and returns those that were not before. Waits for another transaction that is at the same event. */
export async function takeNew(tx: Transaction<unknown>, group: string, events: readonly StoredEvent[]): Promise<StoredEvent[]> {
  const { rows } = await sql<{ event_id: string }>`insert into event_inbox (consumer_group, event_id)
    select ${group}, id from unnest(${events.map(({ id }) => id)}::uuid[]) as id
    on conflict do nothing returning event_id`.execute(tx);
  const fresh = new Set(rows.map((row) => row.event_id));
  // An event that came twice within the batch takes effect at its first place.
  return events.filter(({ id }) => fresh.delete(id));
}

/** Notes the event as put aside; false where it took effect or was put aside before. */
export async function markDead(tx: Transaction<unknown>, group: string, id: string): Promise<boolean> {
  const { numAffectedRows } =
    await sql`insert into event_inbox (consumer_group, event_id, dead) values (${group}, ${id}, true) on conflict do nothing`.execute(tx);
  return numAffectedRows === 1n;
}

/** Notes that an event that was put aside takes effect after all; false where it did already. */
export async function bringToLife(tx: Transaction<unknown>, group: string, id: string): Promise<boolean> {
  const { numAffectedRows } = await sql`update event_inbox set dead = false, consumed_at = now()
    where consumer_group = ${group} and event_id = ${id} and dead`.execute(tx);
  return numAffectedRows === 1n;
}

/** Forgets what took effect two weeks ago: no event comes again after so long. */
export async function forgetOld(db: Kysely<unknown>, group: string): Promise<void> {
  await sql`delete from event_inbox where consumer_group = ${group} and not dead and consumed_at < now() - interval '14 days'`.execute(db);
}
