import type { Figures } from '../measure.js';
import type { HotSpot } from './hot-spots.js';

/** What a workload came to. */
export interface Outcome {
  /** The limit is the one of this name, where there is one. */
  readonly figures: readonly Figures[];
  readonly judgements: readonly Judgement[];
  /** What else is worth knowing, a line each. */
  readonly remarks: readonly string[];
  /** By part of the program, then by function. */
  readonly hotSpots?: readonly (readonly HotSpot[])[];
}

/** A goal of ours and where we stand. */
export interface Judgement {
  readonly goal: string;
  readonly value: number;
  readonly atMost: number;
}

export const limitName = 'limit';

export function isMet({ value, atMost }: Judgement): boolean {
  return value <= atMost;
}

/** How many times the CPU of another contender one needs. */
export function times(figures: readonly Figures[], what: string, other = limitName): number {
  const cpuOf = (name: string) => figures.find((each) => each.what === name)?.cpuMicros ?? Number.NaN;
  return cpuOf(what) / cpuOf(other);
}
