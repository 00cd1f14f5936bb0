import type { EventCodec } from '@facet/events';
import type { OtherEvents, WatchBus } from '@facet/events/ended-rights';
import { randomUUID } from 'node:crypto';

type Watching = Parameters<WatchBus['watch']>;

/**
 * EventsFake: events in the memory of a test, for an application that watches. It sees them from its start, and all services know of them
 * as soon as it does.
 */
export class EventsFake implements OtherEvents {
  readonly settledMs = 0;
  readonly #watching = new Set<Watching>();
  #away = false;

  readonly open = async (): Promise<WatchBus> => {
    if (this.#away) throw new Error('The events are away');
    return {
      watch: async (...watching) => {
        this.#watching.add(watching);
        watching[3]?.heard();
        return { stop: async () => void this.#watching.delete(watching) };
      },
      close: async () => undefined,
    };
  };

  /** Shows an event to whoever watches its topic. Resolves once they have seen it. */
  async emit<Data>(codec: EventCodec<Data>, data: Data): Promise<void> {
    const topic = codec.$type.slice(0, codec.$type.lastIndexOf('.'));
    const encoded = codec.encode(data).finish();
    const event = { id: randomUUID(), topic, key: '', type: codec.$type, source: 'test', time: new Date(), data: encoded, position: '' };
    for (const [wanted, , deliver] of this.#watching) if (wanted === topic) await deliver([event]);
  }

  /** Whoever watches is blind from now on; after `back` they watch anew within moments. */
  leave(): void {
    this.#away = true;
    for (const [, , , pulse] of this.#watching) pulse?.failed(new Error('The events are away'));
    this.#watching.clear();
  }

  back(): void {
    this.#away = false;
  }
}
