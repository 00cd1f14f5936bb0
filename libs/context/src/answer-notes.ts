import type { Degradation } from '@facet/errors';

/** CacheRule: for whom an answer may be kept (`shared`: for whoever asks), and for how many seconds it may be given again without asking. */
export interface CacheRule {
  readonly shared: boolean;
  readonly maxAgeSeconds: number;
}

/** askedEachTime: the rule of whatever says nothing: kept for one caller, and asked for again each time. Nothing is weaker. */
export const askedEachTime: CacheRule = { shared: false, maxAgeSeconds: 0 };

/** AnswerNotes: what all narrower contexts of one request write down about its answer: what is missing, how long it may be kept, what took how long. */
export class AnswerNotes {
  /** What was missing; one entry for a dependency, with the first reason. */
  readonly degradations: Degradation[] = [];
  #cache: CacheRule | undefined;
  #timings: Map<string, number> | undefined;

  /** Notes on one part of the answer are written into those on the whole; its own degradations stand apart as well. */
  constructor(private readonly whole?: AnswerNotes) {}

  degrade(degradation: Degradation): void {
    this.whole?.degrade(degradation);
    if (this.degradations.some(({ dependency }) => dependency === degradation.dependency)) return;
    this.degradations.push(degradation);
  }

  /** The answer holds something that may be kept by this rule and no better. */
  keepBy(rule: CacheRule = askedEachTime): void {
    if (this.whole) this.whole.keepBy(rule);
    else this.#cache = this.#cache && this.#cache !== rule ? weaker(this.#cache, rule) : rule;
  }

  /** How the answer may be kept: as its weakest part may. */
  get cache(): CacheRule {
    return this.#cache ?? askedEachTime;
  }

  /** Somebody wants to see what took how long. */
  showTimings(): void {
    this.#timings ??= new Map();
  }

  /** Milliseconds by part, the longest where several have one name; nothing where nobody wants to see them. */
  get timings(): ReadonlyMap<string, number> | undefined {
    return this.whole ? this.whole.timings : this.#timings;
  }

  time(part: string, ms: number): void {
    if (this.whole) this.whole.time(part, ms);
    else if (this.#timings) this.#timings.set(part, Math.max(ms, this.#timings.get(part) ?? 0));
  }
}

function weaker(one: CacheRule, other: CacheRule): CacheRule {
  return { shared: one.shared && other.shared, maxAgeSeconds: Math.min(one.maxAgeSeconds, other.maxAgeSeconds) };
}
