import type { Transaction } from 'kysely';
import type { EachBatchPayload, KafkaMessage, Producer } from 'kafkajs';
import { setTimeout as pause } from 'node:timers/promises';
import { headersOf } from './cloud-events.js';
import type { Deliver, Ends, EventBus, Feed, Pulse, WatchStart } from './event-bus.js';
import type { EventRecord, StoredEvent } from './event.js';
import { KafkaConnection, type KafkaOptions } from './kafka-connection.js';
import { readAll, readTopic, storedEventOf, type ReaderOptions, type ReadRecord } from './kafka-reader.js';

const batchSize = 200;
const heartbeatMs = 1_000;
const groupHeader = 'facet_group';

/** KafkaBus: Apache Kafka through kafkajs. Topics have six partitions; a key stays in one of them. */
export class KafkaBus implements EventBus {
  readonly #connection: KafkaConnection;
  readonly #feeds: Feed[] = [];

  constructor(private readonly options: KafkaOptions) {
    this.#connection = new KafkaConnection(options);
  }

  async append(events: readonly EventRecord[], _tx: Transaction<unknown>): Promise<void> {
    const topics = [...new Set(events.map(({ topic }) => topic))];
    await this.#connection.ensureTopics(topics);
    const messagesOf = (topic: string) =>
      events
        .filter((event) => event.topic === topic)
        .map((event) => ({ key: event.key, value: Buffer.from(event.data), headers: headersOf(event) }));
    const topicMessages = topics.map((topic) => ({ topic, messages: messagesOf(topic) }));
    await this.#send((producer) => producer.sendBatch({ acks: -1, topicMessages }));
  }

  async consume(group: string, topics: readonly string[], deliver: Deliver): Promise<Feed> {
    const stopping = new AbortController();
    const started = this.#join(group, topics, deliver, stopping.signal);
    const feed = {
      stop: async () => {
        stopping.abort();
        await (await started)?.stop();
      },
    };
    this.#feeds.push(feed);
    return feed;
  }

  async watch(topic: string, from: WatchStart, deliver: Deliver, pulse?: Pulse): Promise<Feed> {
    const take = async (record: ReadRecord) => {
      const event = storedEventOf(topic, record);
      if (event) await deliver([event]);
    };
    const feed = await readTopic({ ...this.#reading(topic), pulse }, from, take);
    this.#feeds.push(feed);
    return feed;
  }

  async deadLetter(group: string, letter: StoredEvent, reason: string, _tx: Transaction<unknown>): Promise<void> {
    const topic = `${letter.topic}.dlq`;
    await this.#connection.ensureTopics([topic]);
    const headers = { ...headersOf(letter), [groupHeader]: group, facet_reason: reason };
    await this.#send((producer) =>
      producer.send({ topic, acks: -1, messages: [{ key: letter.key, value: Buffer.from(letter.data), headers }] }),
    );
  }

  async deadLetters(group: string, topic: string): Promise<readonly StoredEvent[]> {
    const letters: StoredEvent[] = [];
    await readAll(this.#reading(`${topic}.dlq`), (record) => {
      const letter = storedEventOf(topic, record);
      if (letter && record.message.headers?.[groupHeader]?.toString() === group) letters.push(letter);
    });
    return letters;
  }

  async endsOf(topics: readonly string[]): Promise<Ends> {
    await this.#connection.ensureTopics(topics);
    const ends = new Map<string, number>();
    for (const topic of topics) {
      for (const { partition, high } of await this.#connection.boundsOf(topic)) ends.set(`${topic}/${partition}`, Number(high));
    }
    return ends;
  }

  async caughtUp(group: string, topics: readonly string[], ends: Ends = new Map()): Promise<boolean> {
    await this.#connection.ensureTopics(topics);
    const admin = await this.#connection.admin();
    for (const { topic, partitions } of await admin.fetchOffsets({ groupId: group, topics: [...topics] })) {
      const consumed = new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)]));
      const bounds = await this.#connection.boundsOf(topic);
      const endOf = (partition: number, high: string) => ends.get(`${topic}/${partition}`) ?? Number(high);
      if (bounds.some(({ partition, low, high }) => Math.max(consumed.get(partition) ?? 0, Number(low)) < endOf(partition, high)))
        return false;
    }
    return true;
  }

  async close(): Promise<void> {
    await Promise.all(this.#feeds.map((feed) => feed.stop()));
    await this.#connection.close();
  }

  async #send(send: (producer: Producer) => Promise<unknown>): Promise<void> {
    const producer = await this.#connection.producer();
    try {
      await send(producer);
    } catch (error) {
      await this.#connection.replaceProducer();
      throw error;
    }
  }

  #reading(topic: string): ReaderOptions {
    return { connection: this.#connection, service: this.options.service, topic };
  }

  /** Keeps trying until the brokers let us in. */
  async #join(group: string, topics: readonly string[], deliver: Deliver, stopping: AbortSignal): Promise<Feed | undefined> {
    for (let failures = 0; !stopping.aborted; failures += 1) {
      try {
        return await this.#run(group, topics, deliver, stopping);
      } catch (error) {
        this.options.report('warn', `The group ${group} could not be joined; trying again`, error);
        await pause(Math.min(100 * 2 ** failures, 5_000), undefined, { signal: stopping }).catch(() => undefined);
      }
    }
    return undefined;
  }

  async #run(group: string, topics: readonly string[], deliver: Deliver, stopping: AbortSignal): Promise<Feed> {
    await this.#connection.ensureTopics(topics);
    const kafka = await this.#connection.kafka();
    const consumer = kafka.consumer({
      groupId: group,
      sessionTimeout: this.options.sessionTimeoutMs ?? 10_000,
      heartbeatInterval: heartbeatMs,
      maxWaitTimeInMs: 500,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 100, retries: 5, restartOnFailure: async () => true },
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: true,
      autoCommitThreshold: 1,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 3,
      eachBatch: (payload) => this.#takeBatch(payload, deliver, stopping),
    });
    return { stop: () => consumer.disconnect() };
  }

  async #takeBatch(
    { batch, resolveOffset, heartbeat, commitOffsetsIfNecessary, isRunning, isStale }: EachBatchPayload,
    deliver: Deliver,
    stopping: AbortSignal,
  ) {
    for (let start = 0; start < batch.messages.length; start += batchSize) {
      if (stopping.aborted || !isRunning() || isStale()) return;
      const messages = batch.messages.slice(start, start + batchSize);
      const events = this.#eventsOf(batch.topic, batch.partition, messages);
      await beating(heartbeat, this.options.report, deliver(events));
      resolveOffset(messages.at(-1)?.offset ?? '');
      await commitOffsetsIfNecessary();
    }
  }

  #eventsOf(topic: string, partition: number, messages: readonly KafkaMessage[]): StoredEvent[] {
    return messages.flatMap((message) => {
      const event = storedEventOf(topic, { message, position: `${partition}:${BigInt(message.offset) + 1n}` });
      if (!event) this.options.report('warn', `The record ${topic}/${partition}/${message.offset} is no event of ours and was passed over`);
      return event ?? [];
    });
  }
}

/** Keeps telling the brokers that we are alive while a batch takes its time. */
async function beating(heartbeat: () => Promise<void>, report: KafkaOptions['report'], work: Promise<void>): Promise<void> {
  const timer = setInterval(() => {
    heartbeat().catch((error: unknown) => report('debug', 'A heartbeat was refused', error));
  }, heartbeatMs);
  await work.finally(() => clearInterval(timer));
}
