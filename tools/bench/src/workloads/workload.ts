import type { Bench } from '../bench.js';
import type { Outcome } from '../report/outcome.js';

/** Something that is measured by itself, and may be asked for by its name. */
export interface Workload {
  readonly name: string;
  readonly about: string;
  readonly run: (bench: Bench) => Promise<Outcome>;
}
