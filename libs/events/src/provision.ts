import { asAdmin } from '@facet/database/provision';
import { logSchema } from './log-schema.js';

export { appendToLog, readLog } from './log-records.js';

/** ProvisionedTopic: a topic of the event log and the one role that may append to it. */
export interface ProvisionedTopic {
  readonly name: string;
  readonly owner: string;
}

/** EventLogProvision: who owns which topic, and all roles that publish or consume. */
export interface EventLogProvision {
  readonly topics: readonly ProvisionedTopic[];
  readonly roles: readonly string[];
}

/**
 * provisionEvents: makes the event log, the schema `events`, in the database that `adminUrl` names. Idempotent. The roles exist already (`provision`). A role
 * reads topics, appends to its own and moves the groups that bear its name (`messages-service` or `messages-service.search`: role `messages_service`);
 * the tables themselves belong to `facet_events`, as whom nobody can sign in.
 */
export async function provisionEvents(adminUrl: string, { topics, roles }: EventLogProvision): Promise<void> {
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
    }
    for (const { name, owner } of topics) {
      await client.query('insert into events.topic (name, owner) values ($1, $2) on conflict (name) do update set owner = excluded.owner', [
        name,
        owner,
      ]);
    }
  });
}
