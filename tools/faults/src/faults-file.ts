import { faultsFile, writePrivately } from '@facet/constellation';
import { callFaults } from '@facet/service-kit/faults';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { toxicSchema } from './toxic.js';

/** What faults.json says; `network` is there where connections take the detour by our proxies. */
export const faultsSchema = z.object({ calls: callFaults.default({}), network: z.record(z.string(), z.array(toxicSchema)).optional() });

export type Faults = z.infer<typeof faultsSchema>;

/** The faults of a running installation. Throws with one line where none runs. */
export function readFaults(home: string): Faults {
  const path = faultsFile(home);
  if (!existsSync(path))
    throw new Error(`No Facet runs here: there is no ${path}. npm start, or for faults of the network: npm start -- --faults`);
  return faultsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** Puts them in force. */
export function writeFaults(home: string, faults: Faults): void {
  writePrivately(faultsFile(home), faults);
}
