import type { Admin, Kafka, LogEntry, Producer } from 'kafkajs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Report } from './event-bus.js';

const partitions = 6;

/** KafkaOptions: which brokers, and who we are to them. */
export interface KafkaOptions {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  /** Client id. */
  readonly service: string;
  readonly report: Report;
  /** How long a member may be silent before the others take over. Default 10,000. */
  readonly sessionTimeoutMs?: number;
}

/** KafkaConnection: kafkajs, loaded and connected on first use only. */
export class KafkaConnection {
  #kafka: Promise<Kafka> | undefined;
  #admin: Promise<Admin> | undefined;
  #producer: Promise<Producer> | undefined;
  readonly #known = new Set<string>();

  constructor(private readonly options: KafkaOptions) {}

  async kafka(): Promise<Kafka> {
    this.#kafka ??= load(this.options);
    return await this.#kafka;
  }

  async admin(): Promise<Admin> {
    this.#admin ??= this.#open(async (kafka) => {
      const admin = kafka.admin({ retry: { retries: 3 } });
      await admin.connect();
      return admin;
    }).catch((error: unknown) => {
      this.#admin = undefined;
      throw error;
    });
    return await this.#admin;
  }

  async producer(): Promise<Producer> {
    this.#producer ??= this.#open(async (kafka) => {
      const { default: kafkajs } = await import('kafkajs');
      const createPartitioner = kafkajs.Partitioners.DefaultPartitioner;
      const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false, createPartitioner });
      await producer.connect();
      return producer;
    }).catch((error: unknown) => {
      this.#producer = undefined;
      throw error;
    });
    return await this.#producer;
  }

  /** The next send gets a fresh producer: an idempotent one that failed for good never recovers. */
  async replaceProducer(): Promise<void> {
    const producer = await this.#producer?.catch(() => undefined);
    this.#producer = undefined;
    await producer?.disconnect().catch(() => undefined);
  }

  /** Makes the topics that are missing. Records are kept for ever, so that a new read model can begin at the start. */
  async ensureTopics(topics: readonly string[]): Promise<void> {
    const missing = topics.filter((topic) => !this.#known.has(topic));
    if (missing.length === 0) return;
    const admin = await this.admin();
    const existing = new Set(await admin.listTopics());
    const wanted = missing.filter((topic) => !existing.has(topic));
    if (wanted.length > 0) {
      const configEntries = [{ name: 'retention.ms', value: '-1' }];
      await admin.createTopics({
        waitForLeaders: true,
        topics: wanted.map((topic) => ({ topic, numPartitions: partitions, configEntries })),
      });
    }
    for (const topic of missing) this.#known.add(topic);
  }

  /** First and next offset of each partition of a topic. */
  async boundsOf(topic: string): Promise<{ partition: number; low: string; high: string }[]> {
    const admin = await this.admin();
    return await onceLed(() => admin.fetchTopicOffsets(topic));
  }

  /** Of each partition the first offset that was appended since then, or the next one. */
  async offsetsSince(topic: string, time: Date): Promise<{ partition: number; offset: string }[]> {
    const admin = await this.admin();
    return await onceLed(() => admin.fetchTopicOffsetsByTimestamp(topic, time.getTime()));
  }

  async close(): Promise<void> {
    const [admin, producer] = await Promise.all([this.#admin?.catch(() => undefined), this.#producer?.catch(() => undefined)]);
    await Promise.allSettled([admin?.disconnect(), producer?.disconnect()]);
  }

  async #open<Part>(make: (kafka: Kafka) => Promise<Part>): Promise<Part> {
    return await make(await this.kafka());
  }
}

/** A topic that was made a moment ago has no leader yet: asks again. */
async function onceLed<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      const passing = error instanceof Error && 'retriable' in error && error.retriable === true;
      if (!passing || attempt === 20) throw error;
      await pause(50);
    }
  }
}

async function load({ brokers, service, report }: KafkaOptions): Promise<Kafka> {
  const { default: kafkajs } = await import('kafkajs');
  const logCreator = () => (entry: LogEntry) => report(levelOf(entry), `Kafka: ${entry.log.message}`, entry.log['error']);
  return new kafkajs.Kafka({
    clientId: service,
    brokers: [...brokers],
    logLevel: kafkajs.logLevel.WARN,
    logCreator,
    retry: { initialRetryTime: 100, retries: 5 },
  });
}

/** kafkajs calls every answer after which it tries again an error; what matters comes as a rejection. */
function levelOf({ log }: LogEntry): 'debug' | 'warn' {
  const retried =
    'retryCount' in log || 'retryTime' in log || /^(Response|Connection|Failed to connect|The group is rebalancing)/.test(log.message);
  return retried ? 'debug' : 'warn';
}
