import type { Bench } from '../bench.js';
import type { Judgement } from '../report/outcome.js';
import type { SoakChoices } from './config.js';

/** What a part of the soak came to. */
export interface PartOutcome {
  readonly judgements: readonly Judgement[];
  /** What else is worth knowing, a line each. */
  readonly remarks: readonly string[];
  /** For the JSON alone. */
  readonly details?: object;
}

/** What a part works with. */
export interface Soaking {
  readonly bench: Bench;
  readonly choices: SoakChoices;
  /** How far it is, in a few words. */
  readonly say: (progress: string) => void;
}

/** Something of the engine that only the clock can judge. */
export interface SoakPart {
  readonly name: string;
  readonly about: string;
  readonly run: (soaking: Soaking) => Promise<PartOutcome>;
}
