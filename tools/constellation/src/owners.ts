import { provision } from '@facet/database/provision';
import { provisionEvents } from '@facet/events/provision';
import { apps, roleOf, type App } from './apps.js';

/** The applications that own data. */
export const owners = apps.filter(({ schema }) => schema);

/** Those that own none, and watch what happens to the data of others. */
const watchers = apps.filter(({ schema, watches }) => !schema && watches);

/** Gives every owner its role and schema, and the event log to all. A watcher without a password gets no role: it watches on Kafka. Idempotent. */
export async function provisionAll(adminUrl: string, passwordOf: (role: string) => string | undefined): Promise<void> {
  const watching = watchers.filter((app) => passwordOf(roleOf(app)));
  await provision(
    adminUrl,
    [...owners, ...watching].map((app) => ({ role: roleOf(app), schema: app.schema, password: required(app, passwordOf(roleOf(app))) })),
  );
  await provisionEvents(adminUrl, {
    topics: owners.filter(({ publishes }) => publishes).map((app) => ({ name: app.publishes!, owner: roleOf(app) })),
    roles: owners.map(roleOf),
    readers: watching.map((app) => ({ role: roleOf(app), topics: app.watches! })),
  });
}

function required(app: App, password: string | undefined): string {
  if (!password) throw new Error(`DATABASE_PASSWORDS has none for the role ${roleOf(app)}.`);
  return password;
}
