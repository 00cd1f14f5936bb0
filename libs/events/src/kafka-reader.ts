import type { KafkaMessage } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { eventOf } from './cloud-events.js';
import type { Feed, Pulse, WatchStart } from './event-bus.js';
import type { StoredEvent } from './event.js';
import type { KafkaConnection } from './kafka-connection.js';

const lookEveryMs = 1_000;

/** Offsets: per partition, the next record to read. As text: `0:12,1:7`. */
type Offsets = Map<number, bigint>;

/** ReadRecord: one of a topic, with the position after it. */
export interface ReadRecord {
  readonly message: KafkaMessage;
  readonly position: string;
}

/** The event that a record carries; undefined where it is none of ours. */
export function storedEventOf(topic: string, { message, position }: ReadRecord): StoredEvent | undefined {
  const event = eventOf(topic, message.headers ?? {}, message.value);
  return event && { ...event, position };
}

/** ReaderOptions: what is read, as whom. */
export interface ReaderOptions {
  readonly connection: KafkaConnection;
  readonly service: string;
  readonly topic: string;
  readonly pulse?: Pulse | undefined;
}

/**
 * Reads a topic past all groups, from wherever one likes, and commits nothing. kafkajs knows no reader without a group, so this one has a group of its own, which
 * is removed again.
 */
export async function readTopic(options: ReaderOptions, from: WatchStart, take: (record: ReadRecord) => Promise<void>): Promise<Feed> {
  const { connection, service, topic, pulse } = options;
  const stopping = new AbortController();
  await connection.ensureTopics([topic]);
  const [admin, kafka] = [await connection.admin(), await connection.kafka()];
  const offsets = await offsetsAt(connection, topic, from);
  const groupId = `${service}.watch.${randomUUID()}`;
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 500,
    retry: { restartOnFailure: async () => true },
  });
  // Nothing is committed, so whoever joins again would begin at the start.
  consumer.on(consumer.events.GROUP_JOIN, () => {
    for (const [partition, offset] of offsets) consumer.seek({ topic, partition, offset: String(offset) });
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    eachBatch: async ({ batch: { partition, messages }, resolveOffset, heartbeat }) => {
      for (const message of messages) {
        const next = BigInt(message.offset) + 1n;
        if (next > (offsets.get(partition) ?? 0n)) {
          await take({ message, position: textOf(new Map(offsets).set(partition, next)) });
          offsets.set(partition, next);
        }
        resolveOffset(message.offset);
        await heartbeat();
      }
    },
  });
  if (pulse) void tellPulse(options, offsets, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await consumer.disconnect();
      await admin.deleteGroups([groupId]).catch(() => undefined);
    },
  };
}

/** Looks each second whether all that was there a second ago has been taken. */
async function tellPulse({ connection, topic, pulse }: ReaderOptions, offsets: Offsets, stopping: AbortSignal): Promise<void> {
  try {
    for (let end = await offsetsAt(connection, topic, 'now'); !stopping.aborted; end = await offsetsAt(connection, topic, 'now')) {
      if (isRead(end, offsets)) pulse?.heard();
      await pause(lookEveryMs, undefined, { signal: stopping });
    }
  } catch (error) {
    if (!stopping.aborted) pulse?.failed(error);
  }
}

/** All records that a topic has now, in order per partition. */
export async function readAll(options: ReaderOptions, take: (record: ReadRecord) => void): Promise<void> {
  await options.connection.ensureTopics([options.topic]);
  const end = await offsetsAt(options.connection, options.topic, 'now');
  const first = await offsetsAt(options.connection, options.topic, 'start');
  if (isRead(end, first)) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const feed = await readTopic(options, 'start', async (record) => {
    take(record);
    if (isRead(end, offsetsOf(record.position))) resolve();
  });
  await promise;
  await feed.stop();
}

function isRead(end: Offsets, offsets: Offsets): boolean {
  return [...end].every(([partition, offset]) => (offsets.get(partition) ?? 0n) >= offset);
}

async function offsetsAt(connection: KafkaConnection, topic: string, from: WatchStart): Promise<Offsets> {
  if (from instanceof Date) return offsetsSince(await connection.offsetsSince(topic, from));
  if (from !== 'now' && from !== 'start') return offsetsOf(from);
  const bounds = await connection.boundsOf(topic);
  return new Map(bounds.map(({ partition, high, low }) => [partition, BigInt(from === 'now' ? high : low)]));
}

function offsetsSince(offsets: readonly { partition: number; offset: string }[]): Offsets {
  return new Map(offsets.map(({ partition, offset }) => [partition, BigInt(offset)]));
}

function offsetsOf(position: string): Offsets {
  return new Map(
    position
      .split(',')
      .filter(Boolean)
      .map((part) => part.split(':'))
      .map(([partition, offset]) => [Number(partition), BigInt(offset ?? 0)]),
  );
}

function textOf(offsets: Offsets): string {
  return [...offsets].map(([partition, offset]) => `${partition}:${offset}`).join(',');
}
