import { provision } from '@facet/database/provision';
import { provisionEvents } from '@facet/events/provision';
import { apps, roleOf } from './apps.js';

/** The applications that own data. */
export const owners = apps.filter(({ schema }) => schema);

/** Gives every owner its role and schema, and the event log to all. Idempotent. */
export async function provisionAll(adminUrl: string, passwordOf: (role: string) => string): Promise<void> {
  await provision(
    adminUrl,
    owners.map((app) => ({ role: roleOf(app), schema: app.schema!, password: passwordOf(roleOf(app)) })),
  );
  await provisionEvents(adminUrl, {
    topics: owners.filter(({ publishes }) => publishes).map((app) => ({ name: app.publishes!, owner: roleOf(app) })),
    roles: owners.map(roleOf),
  });
}
