import { ProblemError } from '@facet/errors';
import type { BatchContext } from '@facet/service-kit';

/** What is the matter with a service. */
export type Mood = 'sound' | 'failing' | 'slow';

/** What a service saw. */
export interface Seen {
  readonly rpcs: number;
  readonly calls: number;
}

const slowMs = 2_000;

/** Trouble: how a service answers just now, and what it saw meanwhile. */
export class Trouble {
  #mood: Mood = 'sound';
  #takesMs = 0;
  #before: Promise<unknown> = Promise.resolve();
  #rpcs = 0;
  #calls = 0;

  get seen(): Seen {
    return { rpcs: this.#rpcs, calls: this.#calls };
  }

  become(mood: Mood): void {
    this.#mood = mood;
  }

  /** Every RPC takes so long from now on, one after the other, as on a processor. */
  take(ms: number): void {
    this.#takesMs = ms;
  }

  /** The same answer to each of the calls, or what the mood makes of it. */
  async answer<Answer>(calls: readonly unknown[], { ending }: BatchContext, answer: Answer): Promise<Answer[]> {
    this.#rpcs += 1;
    this.#calls += calls.length;
    if (this.#mood === 'failing') throw new ProblemError('dependency-unavailable');
    if (this.#mood === 'slow') await pauseUnless(slowMs, ending);
    if (this.#takesMs > 0) await this.#turn(ending);
    return calls.map(() => answer);
  }

  async #turn(ending: BatchContext['ending']): Promise<void> {
    const mine = this.#before.then(() => (ending.ended ? undefined : pauseUnless(this.#takesMs, ending)));
    this.#before = mine.catch(() => undefined);
    await mine;
  }
}

function pauseUnless(ms: number, ending: BatchContext['ending']): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    ending.add({
      end: (reason) => {
        clearTimeout(timer);
        reject(reason);
      },
    });
  });
}
