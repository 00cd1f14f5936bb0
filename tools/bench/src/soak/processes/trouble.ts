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
  #rpcs = 0;
  #calls = 0;

  get seen(): Seen {
    return { rpcs: this.#rpcs, calls: this.#calls };
  }

  become(mood: Mood): void {
    this.#mood = mood;
  }

  /** The same answer to each of the calls, or what the mood makes of it. */
  async answer<Answer>(calls: readonly unknown[], { ending }: BatchContext, answer: Answer): Promise<Answer[]> {
    this.#rpcs += 1;
    this.#calls += calls.length;
    if (this.#mood === 'failing') throw new ProblemError('dependency-unavailable');
    if (this.#mood === 'slow') await pauseUnless(slowMs, ending);
    return calls.map(() => answer);
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
