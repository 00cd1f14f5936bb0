import { asAdmin } from '@facet/database/provision';
import type { Client } from 'pg';
import { logSchema } from './log-schema.js';

export { appendToLog, readLog } from './log-records.js';

/** ProvisionedTopic: a topic of the event log and the one role that may append to it. */
export interface ProvisionedTopic {
  readonly name: string;
  readonly owner: string;
}

/** ProvisionedReader: a role that may watch these topics, and nothing else of the log. */
export interface ProvisionedReader {
  readonly role: string;
  readonly topics: readonly string[];
}

/** EventLogProvision: who owns which topic, all roles that publish or consume, and those that only watch. */
export interface EventLogProvision {
  readonly topics: readonly ProvisionedTopic[];
  readonly roles: readonly string[];
  readonly readers?: readonly ProvisionedReader[];
}

/**
 * provisionEvents: makes the event log, the schema `events`, in the database that `adminUrl` names. Idempotent. The roles exist already (`provision`). A role
 * reads topics, appends to its own and moves the groups that bear its name (`messages-service` or `messages-service.search`: role `messages_service`);
 * a reader reads the topics that are named for it. The tables themselves belong to `facet_events`, as whom nobody can sign in.
 */
export async function provisionEvents(adminUrl: string, { topics, roles, readers = [] }: EventLogProvision): Promise<void> {
  await asAdmin(adminUrl, async (client) => {
    const { rowCount } = await client.query(`select from pg_roles where rolname = 'facet_events'`);
    if (rowCount === 0) await client.query('create role facet_events nologin');
    await client.query('grant facet_events to current_user');
    await client.query('create schema if not exists events authorization facet_events');
    await client.query('set local role facet_events');
    await client.query(logSchema);
    await client.query('revoke all on all functions in schema events from public');
    for (const role of roles) {
      const name = client.escapeIdentifier(role);
      await client.query(`grant usage on schema events to ${name}`);
      await client.query(`grant execute on all functions in schema events to ${name}`);
      await letRead(client, { role, topics: ['*'] });
    }
    for (const reader of readers) {
      const name = client.escapeIdentifier(reader.role);
      await client.query(`grant usage on schema events to ${name}`);
      await client.query(
        `grant execute on function events.last_position(text), events.position_at(text, timestamptz), events.read(text, bigint, int) to ${name}`,
      );
      await letRead(client, reader);
    }
    for (const { name, owner } of topics) {
      await client.query('insert into events.topic (name, owner) values ($1, $2) on conflict (name) do update set owner = excluded.owner', [
        name,
        owner,
      ]);
    }
  });
}

async function letRead(client: Client, { role, topics }: ProvisionedReader): Promise<void> {
  await client.query('delete from events.reader where role = $1 and topic <> all ($2)', [role, topics]);
  await client.query('insert into events.reader (role, topic) select $1, unnest($2::text[]) on conflict do nothing', [role, topics]);
}
