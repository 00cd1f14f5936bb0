import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { event, Events, on, publish } from '../src/index.js';
import { describeEvents } from './bus-suite.js';
import { describeWatch } from './watch-suite.js';
import { World } from './world.js';

const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',').filter(Boolean);

describe.skipIf(brokers.length === 0)('with a broker', () => {
  describeEvents('Kafka', brokers);
  describeWatch('Kafka', brokers);
});

describe('without a broker', () => {
  const away = ['127.0.0.1:1'];
  let world: World;
  beforeAll(async () => void (world = await World.create(away)));
  afterAll(() => world.close());

  test('a service starts, keeps what it publishes, and stops, though the brokers are away', async () => {
    const said = await world.said();
    const { db, database, report } = world.participant('rooms');
    const consume = { handlers: [on(said, async () => undefined)] };
    const events = new Events({ service: 'rooms-service', brokers: away, publishes: true, consume }, { db: db as never, database, report });
    await events.start();
    await db.transaction().execute((tx) => publish(tx, [event(said, { key: 'a' }, { key: 'a', n: 1 })]));
    await events.close();
    expect(
      await db
        .selectFrom('event_outbox' as never)
        .selectAll()
        .execute(),
    ).toHaveLength(1);
  });
});
