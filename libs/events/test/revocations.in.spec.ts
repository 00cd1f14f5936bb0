import { newCaller, Revocations, revocationLivesMs } from '@facet/auth';
import { DatabaseModule } from '@facet/database';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EventsModule } from '../src/index.js';
import { appendToLog, provisionEvents } from '../src/provision.js';
import { revoked, RevocationsModule, revocationsTopic } from '../src/revocations.module.js';
import { until } from './watch-suite.js';
import { migrations, World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await World.create([]);
  await provisionEvents(world.adminUrl, {
    topics: [{ name: revocationsTopic, owner: 'rooms_service' }],
    roles: [],
    readers: [{ role: 'mobile_bff', topics: [revocationsTopic] }],
  });
});
afterAll(() => world.close());

const callerIn = (session: string) =>
  newCaller({ subject: 'alice', kind: 'user', client: 'web-app', scopes: [], roles: [], session, issuedAt: Date.now() / 1_000 - 60 });
const revoke = (session: string) => {
  const now = Date.now();
  const event = revoked({ kind: 'session', id: session, before: now, until: now + revocationLivesMs });
  return appendToLog(world.participant('rooms').db, [{ ...event, source: 'identity-provider' }]);
};
const start = async (...modules: ReturnType<typeof RevocationsModule.forRoot>[]) => {
  const app = await NestFactory.createApplicationContext({ module: class {}, imports: modules }, { logger: false });
  const providers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.providers.values()]);
  const part = providers
    .map(({ instance }) => instance as { name?: string; ping?(): Promise<void> })
    .find((each) => each?.name === 'revocations' && each.ping)!;
  const ready = () =>
    part.ping!().then(
      () => true,
      () => false,
    );
  return { app, ready, revocations: app.get(Revocations) };
};
const watching = (databaseUrl = world.source().databaseUrl) =>
  start(RevocationsModule.forRoot({ service: 'mobile-bff', config: { KAFKA_BROKERS: [], DATABASE_URL: databaseUrl } }));
const eventually = async (reached: () => Promise<boolean>) => {
  let is = false;
  await until(() => {
    void reached().then((reached) => (is = reached));
    return is;
  });
};

test('an application without a schema is ready once it knows what was revoked before its start, and hears of what comes', async () => {
  await revoke('before');
  const { app, ready, revocations } = await watching();
  await eventually(ready);
  expect(revocations.covers(callerIn('before'))).toBe(true);
  expect(revocations.covers(callerIn('later'))).toBe(false);
  await revoke('later');
  await until(() => revocations.covers(callerIn('later')));
  await app.close();
});

test('a service sees them by the connections that it has', async () => {
  await revoke('of a service');
  const { database } = world.participant('presence');
  const { app, ready, revocations } = await start(
    DatabaseModule.forRoot({ ...database, migrations }),
    EventsModule.forRoot({ service: 'presence-service', brokers: [], publishes: false }),
    RevocationsModule.forRoot({ service: 'presence-service' }),
  );
  await eventually(ready);
  expect(revocations.covers(callerIn('of a service'))).toBe(true);
  await app.close();
});

test('an application that cannot see what was revoked before its start is not ready', async () => {
  const { app, ready } = await watching('postgres://mobile_bff:test@127.0.0.1:1/facet');
  expect(await ready()).toBe(false);
  await app.close();
});
