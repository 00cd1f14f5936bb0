import type { Transaction } from 'kysely';
import { topicOf, type EventCodec, type EventMeta, type StoredEvent } from './event.js';

/** Handler: what a service does about one type of event. Made by `on`. */
export interface Handler {
  readonly type: string;
  readonly topic: string;
  handle(event: StoredEvent, tx: Transaction<unknown>): Promise<void>;
}

/**
 * on: what a service does about one type of event. `effect` runs in one transaction with the note that the event took effect, so it happens once however often the
 * event arrives; everything it changes goes through `tx`. It throws to be tried again, a bounded number of times.
 */
export function on<Data, Tables>(
  codec: EventCodec<Data>,
  effect: (data: Data, tx: Transaction<Tables>, meta: EventMeta) => Promise<void>,
): Handler {
  return {
    type: codec.$type,
    topic: topicOf(codec.$type),
    handle: async ({ data, ...meta }, tx) => effect(codec.decode(data), tx as unknown as Transaction<Tables>, meta),
  };
}
