import type { Degradation } from '@facet/errors';

/** AnswerNotes: what all narrower contexts of one request write down about its answer. */
export class AnswerNotes {
  /** What the answer had to do without; one entry for a dependency, with the first reason. */
  readonly degradations: Degradation[] = [];

  degrade(degradation: Degradation): void {
    if (this.degradations.some(({ dependency }) => dependency === degradation.dependency)) return;
    this.degradations.push(degradation);
  }
}
