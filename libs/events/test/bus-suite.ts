import { sql } from 'kysely';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Consumer } from '../src/consumer.js';
import { event, Events, on, publish, topicOf, type EventCodec, type Handler } from '../src/index.js';
import { World, type Participant, type Said, type Tables } from './world.js';

/** The promises of the port, for any adapter behind it. */
export function describeEvents(adapter: string, brokers: readonly string[]): void {
  describe(`events by ${adapter}`, () => {
    let world: World;
    beforeAll(async () => void (world = await World.create(brokers)));
    afterAll(() => world.close());

    const start = async (participant: Participant, options: Partial<ConstructorParameters<typeof Events>[0]>): Promise<Events> => {
      const events = new Events(
        { service: `${participant.database.schema}-service`, brokers, publishes: false, ...options },
        { ...participant, db: participant.db as never },
      );
      world.closing(() => events.close());
      await events.start();
      return events;
    };
    const publisher = async () => {
      const participant = world.participant('rooms');
      const events = await start(participant, { publishes: true });
      const say = (said: EventCodec<Said>, ...messages: Said[]) =>
        participant.db.transaction().execute((tx) =>
          publish(
            tx,
            messages.map((message) => event(said, { key: message.key }, message)),
          ),
        );
      return { ...participant, events, say };
    };
    const effectOf = (said: EventCodec<Said>, who: string): Handler =>
      on<Said, Tables>(
        said,
        async ({ key, n }, tx) =>
          void (await tx
            .insertInto('effect')
            .values({ who, key, n } as never)
            .execute()),
      );
    const consumer = async (said: EventCodec<Said>, handler = effectOf(said, said.$type), group = groupOf(said)) => {
      const participant = world.participant('presence');
      const events = await start(participant, { consume: { group, handlers: [handler] } });
      const effects = async () =>
        await participant.db.selectFrom('effect').selectAll().where('who', 'like', `${said.$type}%`).orderBy('sequence').execute();
      return { ...participant, events, effects };
    };
    const numbers = (effects: { n: number }[]) => effects.map(({ n }) => n);

    test('events of a key take effect once each and in order', async () => {
      const said = await world.said();
      const [{ say, events: relay }, { events, effects }] = [await publisher(), await consumer(said)];
      const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
      for (let n = 0; n < 40; n += 2) await Promise.all(keys.map((key) => say(said, { key, n }, { key, n: n + 1 })));
      await relay.flush();
      await events.flush();
      const found = await effects();
      for (const key of keys)
        expect(numbers(found.filter((effect) => effect.key === key))).toEqual(Array.from({ length: 40 }, (_, n) => n));
    });

    test('a transaction that fails publishes nothing', async () => {
      const said = await world.said();
      const [{ say, db, events: relay }, { events, effects }] = [await publisher(), await consumer(said)];
      const failing = db.transaction().execute(async (tx) => {
        await publish(tx, [event(said, { key: 'a' }, { key: 'a', n: 1 })]);
        throw new Error('rolled back');
      });
      await expect(failing).rejects.toThrow('rolled back');
      await say(said, { key: 'a', n: 2 });
      await relay.flush();
      await events.flush();
      expect(numbers(await effects())).toEqual([2]);
    });

    test('the events of a slow transaction are not skipped, though later ones overtook them', async () => {
      const said = await world.said();
      const [{ say, db, events: relay }, { events, effects }] = [await publisher(), await consumer(said)];
      const overtaken = Promise.withResolvers<void>();
      const written = Promise.withResolvers<void>();
      const slow = db.transaction().execute(async (tx) => {
        await publish(tx, [event(said, { key: 'slow' }, { key: 'slow', n: 1 })]);
        written.resolve();
        await overtaken.promise;
      });
      await written.promise;
      await say(said, { key: 'quick', n: 2 });
      await until(async () => numbers(await effects()).includes(2));
      expect(numbers(await effects())).toEqual([2]);
      overtaken.resolve();
      await slow;
      await relay.flush();
      await events.flush();
      expect(numbers(await effects())).toEqual([2, 1]);
    });

    test('an event that comes again, since its consumer died before it could say so, has no second effect', async () => {
      const said = await world.said();
      const { say, events: relay } = await publisher();
      const participant = world.participant('presence');
      const bus = world.bus(participant);
      let deliveries = 0;
      const forgetful = Object.assign(Object.create(bus) as typeof bus, {
        consume: (...[group, topics, deliver]: Parameters<typeof bus.consume>) =>
          bus.consume(group, topics, async (events) => {
            await deliver(events);
            deliveries += 1;
            if (deliveries < 3) throw new Error('died between effect and position');
          }),
      });
      const handlers = [effectOf(said, said.$type)];
      const member = new Consumer({ ...participant, db: participant.db as never, bus: forgetful, group: groupOf(said), handlers });
      await member.start();
      await say(said, { key: 'a', n: 1 }, { key: 'a', n: 2 });
      await relay.flush();
      await until(() => Promise.resolve(deliveries >= 3));
      expect(
        numbers(await participant.db.selectFrom('effect').selectAll().where('who', '=', said.$type).orderBy('sequence').execute()),
      ).toEqual([1, 2]);
      await member.stop();
    });

    test('an event that was published twice has one effect', async () => {
      const said = await world.said();
      const [participant, { events, effects }] = [world.participant('rooms'), await consumer(said)];
      const bus = world.bus(participant);
      const record = { ...event(said, { key: 'a' }, { key: 'a', n: 1 }), source: 'rooms-service' };
      for (let n = 0; n < 3; n += 1) await participant.db.transaction().execute((tx) => bus.append([record, record], tx as never));
      await events.flush();
      expect(numbers(await effects())).toEqual([1]);
    });

    test('a poison event is put aside after some attempts, blocks nobody, and can be replayed', async () => {
      const said = await world.said();
      let poisonous = true;
      let attempts = 0;
      const handler = on<Said, Tables>(said, async ({ key, n }, tx) => {
        await tx
          .insertInto('effect')
          .values({ who: said.$type, key, n } as never)
          .execute();
        if (n !== 2) return;
        attempts += 1;
        if (poisonous) throw new Error('I cannot bear 2');
      });
      const [{ say, events: relay }, { events, effects }] = [await publisher(), await consumer(said, handler)];
      await say(said, ...[1, 2, 3, 4].map((n) => ({ key: 'a', n })));
      await relay.flush();
      await events.flush();
      expect(numbers(await effects())).toEqual([1, 3, 4]);
      expect(attempts).toBeGreaterThanOrEqual(5);
      await expect(events.replay(topicOf(said.$type))).rejects.toThrow('I cannot bear 2');
      poisonous = false;
      expect(await events.replay(topicOf(said.$type))).toBe(1);
      expect(await events.replay(topicOf(said.$type))).toBe(0);
      expect(numbers(await effects())).toEqual([1, 3, 4, 2]);
    });

    test('a dead letter of one group is no business of another', async () => {
      const said = await world.said();
      const hating = on<Said, Tables>(said, () => Promise.reject(new Error('no')));
      const { say, events: relay } = await publisher();
      const one = await consumer(said, hating, `${groupOf(said)}.one`);
      const other = await consumer(said, effectOf(said, said.$type), `${groupOf(said)}.other`);
      await say(said, { key: 'a', n: 1 });
      await relay.flush();
      await Promise.all([one.events.flush(), other.events.flush()]);
      expect(await other.events.replay(topicOf(said.$type))).toBe(0);
      expect(numbers(await other.effects())).toEqual([1]);
    });

    test('every process that watches sees every event, from now or after a position', async () => {
      const said = await world.said();
      const { say, events: relay } = await publisher();
      await say(said, { key: 'a', n: 1 });
      await relay.flush();
      const seen: Record<string, { n: number; position: string }[]> = { one: [], other: [], late: [] };
      const watching = async (name: string, from?: string) => {
        const events = await start(world.participant('presence'), {});
        const listener = ({ data, position }: { data: Uint8Array; position: string }) =>
          void seen[name]!.push({ ...said.decode(data), position });
        await events.watch(topicOf(said.$type), listener, from === undefined ? {} : { from });
      };
      await Promise.all([watching('one'), watching('other')]);
      await say(said, { key: 'a', n: 2 }, { key: 'a', n: 3 });
      await until(() => Promise.resolve(seen['one']!.length === 2 && seen['other']!.length === 2));
      expect(numbers(seen['one']!)).toEqual([2, 3]);
      expect(numbers(seen['other']!)).toEqual([2, 3]);
      await watching('late', seen['one']![0]!.position);
      await until(() => Promise.resolve(seen['late']!.length === 1));
      expect(numbers(seen['late']!)).toEqual([3]);
    });

    test('of two members of a group one sees each event, and when one leaves the other goes on', async () => {
      const said = await world.said();
      const { say, events: relay } = await publisher();
      const one = await consumer(said, effectOf(said, `${said.$type} one`));
      const other = await consumer(said, effectOf(said, `${said.$type} other`));
      const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
      await say(said, ...keys.map((key) => ({ key, n: 1 })));
      await relay.flush();
      await one.events.flush();
      expect(await one.effects()).toHaveLength(6);
      await one.events.close();
      await say(said, ...keys.map((key) => ({ key, n: 2 })));
      await relay.flush();
      await other.events.flush();
      const found = await other.effects();
      expect(found).toHaveLength(12);
      expect(new Set(found.filter(({ n }) => n === 2).map(({ who }) => who))).toEqual(new Set([`${said.$type} other`]));
    });

    test('a mark is passed once all that was there before it took effect, whatever came since', async () => {
      const said = await world.said();
      const gates = [1, 2].map(() => Promise.withResolvers<void>());
      const entered = Promise.withResolvers<void>();
      const handle = on(said, async ({ n }) => {
        entered.resolve();
        await gates[n - 1]!.promise;
      });
      const [{ say, events: relay }, { events }] = [await publisher(), await consumer(said, handle)];
      await say(said, { key: 'a', n: 1 });
      await relay.flush();
      await entered.promise;
      const passed = await events.mark(topicOf(said.$type));
      await say(said, { key: 'a', n: 2 });
      await relay.flush();
      expect(await passed()).toBe(false);
      gates[0]!.resolve();
      await until(passed);
      expect(await (await events.mark(topicOf(said.$type)))()).toBe(false);
      gates[1]!.resolve();
      await events.flush();
      expect(await (await events.mark(topicOf(said.$type)))()).toBe(true);
    });

    test('what is published carries its source, its time and the trace that caused it', async () => {
      const said = await world.said();
      const metas: unknown[] = [];
      const { db, events: relay } = await publisher();
      const { events } = await consumer(
        said,
        on(said, async (_data, _tx, meta) => void metas.push(meta)),
      );
      const time = new Date('2026-01-02T03:04:05.678Z');
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const outgoing = event(said, { key: 'ключ', time, traceparent }, { key: 'ключ', n: 1 });
      await db.transaction().execute((tx) => publish(tx, [outgoing]));
      await relay.flush();
      await events.flush();
      const { data: _, ...expected } = outgoing;
      expect(metas).toEqual([{ ...expected, source: 'rooms-service', position: expect.any(String) }]);
    });

    test('two relays of one outbox publish each event once, in order', async () => {
      const said = await world.said();
      const [one, other, { events, effects }] = [await publisher(), await publisher(), await consumer(said)];
      for (let n = 0; n < 30; n += 1) await (n % 2 ? one : other).say(said, { key: 'a', n });
      await Promise.all([one.events.flush(), other.events.flush()]);
      await events.flush();
      expect(numbers(await effects())).toEqual(Array.from({ length: 30 }, (_, n) => n));
      const { rows } = await sql<{ count: number }>`select count(*) as count from event_outbox`.execute(one.db);
      expect(rows).toEqual([{ count: 0 }]);
    });
  });
}

function groupOf(said: EventCodec<Said>): string {
  return `presence-service.${topicOf(said.$type)}`;
}

async function until(reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached())) await pause(10);
}
