import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { event, Events, publish, topicOf, type EventCodec } from '../src/index.js';
import { openWatchBus, Watch, type EventSource } from '../src/watch.js';
import { World, type Said } from './world.js';

/** Watching: what a process that watches was told, `began` and `lost` among the numbers that it saw. */
export interface Watching {
  readonly told: (string | number)[];
  readonly watch: Watch;
}

/** A process without a schema of its own that watches what is said. Resolves once it sees. */
export async function watching(
  world: World,
  said: EventCodec<Said>,
  source: EventSource = world.source(),
  backMs?: number,
): Promise<Watching> {
  const told: (string | number)[] = [];
  const follower = {
    began: () => void told.push('began'),
    saw: ({ data }: { data: Uint8Array }) => void told.push(said.decode(data).n),
    lost: () => void told.push('lost'),
  };
  const { report } = world.participant('presence');
  const watch = new Watch({ topic: topicOf(said.$type), backMs, open: () => openWatchBus(source, report), follower, report });
  world.closing(() => watch.stop());
  watch.start();
  await until(() => told.includes('began'));
  return { told, watch };
}

/** The promises of a watch without a schema, for any adapter behind it. */
export function describeWatch(adapter: string, brokers: readonly string[]): void {
  describe(`a watch without a schema, by ${adapter}`, () => {
    let world: World;
    beforeAll(async () => void (world = await World.create(brokers)));
    afterAll(() => world.close());

    const publisher = async (said: EventCodec<Said>) => {
      const { db, database, report } = world.participant('rooms');
      const events = new Events({ service: 'rooms-service', brokers, publishes: true }, { db: db as never, database, report });
      world.closing(() => events.close());
      await events.start();
      return async (...numbers: number[]) => {
        await db.transaction().execute((tx) =>
          publish(
            tx,
            numbers.map((n) => event(said, { key: 'a' }, { key: 'a', n })),
          ),
        );
        await events.flush();
      };
    };

    test('every process sees every event from the moment at which it was told that it sees, in order, and none from before', async () => {
      const said = await world.said();
      const say = await publisher(said);
      await say(1, 2);
      const [one, other] = [await watching(world, said), await watching(world, said)];
      await say(3, 4);
      await say(5);
      await until(() => one.told.includes(5) && other.told.includes(5));
      expect(one.told).toEqual(['began', 3, 4, 5]);
      expect(other.told).toEqual(['began', 3, 4, 5]);
    });

    test('one that looks back sees first what was appended since, and is told that it sees after that', async () => {
      const said = await world.said();
      const say = await publisher(said);
      await say(1, 2);
      await pause(20);
      const since = Date.now();
      await say(3, 4);
      const { told } = await watching(world, said, world.source(), Date.now() - since);
      await say(5);
      await until(() => told.includes(5));
      expect(told).toEqual([3, 4, 'began', 5]);
    });

    test('one that looks back to before there was anything sees all there is, and what comes then', async () => {
      const said = await world.said();
      const nothing = await watching(world, said, world.source(), 3_600_000);
      const say = await publisher(said);
      await say(1);
      await until(() => nothing.told.includes(1));
      const all = await watching(world, said, world.source(), 3_600_000);
      expect([nothing.told, all.told]).toEqual([
        ['began', 1],
        [1, 'began'],
      ]);
    });

    test('while nothing happens the bus says again and again that nothing was missed', async () => {
      const said = await world.said();
      const bus = await openWatchBus(world.source(), world.participant('presence').report);
      world.closing(() => bus.close());
      const told: string[] = [];
      const pulse = { heard: () => void told.push('heard'), failed: (error: unknown) => void told.push(String(error)) };
      await bus.watch(topicOf(said.$type), 'now', async () => undefined, pulse);
      await until(() => told.length >= 3);
      expect(new Set(told)).toEqual(new Set(['heard']));
    });

    test('after it was stopped it sees nothing more', async () => {
      const said = await world.said();
      const say = await publisher(said);
      const { told, watch } = await watching(world, said);
      await watch.stop();
      await say(1);
      expect(told).toEqual(['began', 'lost']);
    });
  });
}

export async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await pause(10);
}
