import { loadConfig } from '@facet/config';
import { z } from 'zod';

/** The file that says what is the matter with this process, for development; see fault-switch.ts. */
export function readFaultsFile(): string | undefined {
  return loadConfig(z.object({ FAULTS_FILE: z.string().optional() })).FAULTS_FILE;
}
