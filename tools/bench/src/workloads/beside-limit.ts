import { readFileSync } from 'node:fs';
import type { Bench } from '../bench.js';
import { compare, profile, type Contender, type Figures } from '../measure.js';
import { ask } from '../processes/ask.js';
import { startLimit } from '../processes/gateway.js';
import { hotFunctions, hotParts, type CpuProfile, type HotSpot } from '../report/hot-spots.js';
import { limitName } from '../report/outcome.js';

interface Compared {
  readonly figures: readonly Figures[];
  readonly hotSpots?: readonly (readonly HotSpot[])[];
  /** Bytes of an answer. */
  readonly bytes: number;
}

/** Measures a subject beside the limit of its very answer, and beside other contenders; with `--cpu-prof` then profiles the subject. */
export async function besideLimit(
  bench: Bench,
  workload: string,
  subject: Contender,
  others: readonly Contender[] = [],
): Promise<Compared> {
  const sample = await ask(subject.traffic());
  const gateway = await startLimit(bench, workload, JSON.parse(sample));
  // The same requests, tokens and bodies included: reading them costs something as well.
  const limit: Contender = { what: limitName, gateway, traffic: () => ({ ...subject.traffic(), origin: gateway.origin }) };
  const contenders = [subject, limit, ...others];
  try {
    const figures = await compare(bench, contenders);
    const bytes = Buffer.byteLength(sample);
    if (!bench.choices.profile) return { figures, bytes };
    const path = bench.profileOf(workload);
    await profile(bench, subject, path);
    const seen = JSON.parse(readFileSync(path, 'utf8')) as CpuProfile;
    return { figures, bytes, hotSpots: [hotParts(seen), hotFunctions(seen)] };
  } finally {
    await Promise.all(contenders.map((each) => each.gateway.child.stop()));
  }
}
