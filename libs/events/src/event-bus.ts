import type { Transaction } from 'kysely';
import type { EventRecord, StoredEvent } from './event.js';

/** Deliver: takes events in order. Resolves when all of them have taken effect; after a rejection the same ones come again. */
export type Deliver = (events: readonly StoredEvent[]) => Promise<void>;

/** Feed: something that keeps delivering until it is stopped. `stop` waits for what is being delivered. */
export interface Feed {
  stop(): Promise<void>;
}

/**
 * WatchStart: `now` is everything that is appended after the watch is set up, `start` everything there is, a position all after that event, a moment all that
 * was appended since then.
 */
export type WatchStart = 'now' | 'start' | Date | (string & {});

/** Pulse: what a watch says of itself: `heard` whenever it has looked and nothing is left to deliver, at least once a second or so; `failed` when a look did not work. */
export interface Pulse {
  heard(): void;
  failed(error: unknown): void;
}

/** Ends: how far topics reached at a moment, by topic or by its partitions. */
export type Ends = ReadonlyMap<string, number>;

/** Report: where an adapter says what went wrong while it keeps trying. */
export type Report = (level: 'debug' | 'warn' | 'error', message: string, error?: unknown) => void;

/**
 * EventBus: the port between services and what carries events. Topics keep the order per key. There are two adapters, the event log in PostgreSQL and Apache
 * Kafka, and one test suite for both.
 */
export interface EventBus {
  /** Appends in order. An adapter in the same database does so within `tx`; another may append what `tx` then fails to commit, hence twice. */
  append(events: readonly EventRecord[], tx: Transaction<unknown>): Promise<void>;
  /** Delivers each event to one member of the group, at least once. A new group begins at the start. */
  consume(group: string, topics: readonly string[], deliver: Deliver): Promise<Feed>;
  /** Delivers every event to this process; `pulse` is told whether it still can. */
  watch(topic: string, from: WatchStart, deliver: Deliver, pulse?: Pulse): Promise<Feed>;
  /** Puts aside, in `<topic>.dlq`, what a group cannot handle. */
  deadLetter(group: string, letter: StoredEvent, reason: string, tx: Transaction<unknown>): Promise<void>;
  /** What was put aside for a group, oldest first. */
  deadLetters(group: string, topic: string): Promise<readonly StoredEvent[]>;
  /** How far the topics reach now. */
  endsOf(topics: readonly string[]): Promise<Ends>;
  /** Whether the group has consumed all that is in the topics, or all up to these ends. */
  caughtUp(group: string, topics: readonly string[], ends?: Ends): Promise<boolean>;
  close(): Promise<void>;
}

/** WatchBus: the part of a bus that a watch needs. */
export type WatchBus = Pick<EventBus, 'watch' | 'close'>;
