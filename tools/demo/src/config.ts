import { loadConfig } from '@facet/config';
import { join } from 'node:path';
import { z } from 'zod';

/** Which installation the programs of this folder speak to: the one that `npm start` runs. */
export function readConfig() {
  return loadConfig(
    z.object({
      FACET_HOME: z.string().default(join(process.cwd(), '.facet')),
      FACET_WEB_HOST: z.string().default('localhost'),
      FACET_PORT_OFFSET: z.coerce.number().int().min(0).default(0),
    }),
  );
}
