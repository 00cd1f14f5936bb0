import { provision } from '@facet/database/provision';
import { provisionEvents } from '@facet/events/provision';
import { apps, roleOf, type App } from './apps.js';

/** The applications that own data. */
const owners = apps.filter(({ schema }) => schema);

/** All schemas of applications. */
export const schemas = apps.flatMap(({ schema, stateSchema }) => [schema, stateSchema].filter((name) => name !== undefined));

/** Those that own none: they watch what happens to the data of others, or their replicas share state. */
const guests = apps.filter(({ schema, watches, stateSchema }) => !schema && (watches || stateSchema));

/**
 * Gives every owner its role and schema, and the event log to all. Who owns none and has no password gets no role: it
 * watches on Kafka and shares state in Redis. Idempotent.
 */
export async function provisionAll(adminUrl: string, passwordOf: (role: string) => string | undefined): Promise<void> {
  const guestsHere = guests.filter((app) => passwordOf(roleOf(app)));
  await provision(
    adminUrl,
    [...owners, ...guestsHere].map((app) => ({
      role: roleOf(app),
      schema: app.schema ?? app.stateSchema,
      password: required(app, passwordOf(roleOf(app))),
    })),
  );
  await provisionEvents(adminUrl, {
    topics: owners.flatMap((app) => (app.publishes ?? []).map((name) => ({ name, owner: roleOf(app) }))),
    roles: owners.map(roleOf),
    readers: guestsHere.flatMap((app) => (app.watches ? [{ role: roleOf(app), topics: app.watches }] : [])),
  });
}

function required(app: App, password: string | undefined): string {
  if (!password) throw new Error(`DATABASE_PASSWORDS has none for the role ${roleOf(app)}.`);
  return password;
}
