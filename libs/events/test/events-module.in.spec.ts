import { DatabaseHealth, DatabaseModule } from '@facet/database';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Kysely } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { event, Events, EventsModule, on, publish, type EventCodec } from '../src/index.js';
import { migrations, World, type Said } from './world.js';

let world: World;
let said: EventCodec<Said>;
beforeAll(async () => {
  world = await World.create([]);
  said = await world.said();
});
afterAll(() => world.close());

@Injectable()
class Speaker {
  constructor(
    readonly db: Kysely<unknown>,
    readonly events: Events,
  ) {}

  async say(n: number): Promise<void> {
    await this.db.transaction().execute((tx) => publish(tx, [event(said, { key: 'a' }, { key: 'a', n })]));
  }
}

const start = async (seen: number[]) => {
  const { database } = world.participant('rooms');
  const handlers = [on(said, async ({ n }) => void seen.push(n))];
  @Module({
    imports: [
      DatabaseModule.forRoot({ ...database, migrations }),
      EventsModule.forRoot({ service: 'rooms-service', brokers: [], publishes: true, consume: { handlers } }),
    ],
    providers: [Speaker],
  })
  class AppModule {}
  const app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
  app.enableShutdownHooks();
  return app;
};

test('an application publishes, consumes and is healthy, and at shutdown nothing that it published is left behind', async () => {
  const seen: number[] = [];
  const app = await start(seen);
  const speaker = app.get(Speaker);
  await app.get(DatabaseHealth).ping();
  await speaker.say(1);
  await app.get(Events).flush();
  expect(seen).toEqual([1]);
  await Promise.all([speaker.say(2), speaker.say(3)]);
  await app.close();
  const { db } = world.participant('rooms');
  expect(
    await db
      .selectFrom('event_outbox' as never)
      .selectAll()
      .execute(),
  ).toEqual([]);
  await expect(speaker.say(4)).rejects.toThrow();
});

test('a database that is away is one line at start-up', async () => {
  const start = () =>
    NestFactory.createApplicationContext(
      DatabaseModule.forRoot({ url: 'postgres://a:b@127.0.0.1:1/facet', schema: 'x', applicationName: 'x', migrations: {} }),
      { logger: false, abortOnError: false },
    );
  await expect(start()).rejects.toThrow(/^The database 127\.0\.0\.1:1\/facet cannot be used: .*ECONNREFUSED/);
});
