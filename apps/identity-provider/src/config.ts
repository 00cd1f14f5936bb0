import { brokerSettings, loadConfig, port, processSettings } from '@facet/config';
import { z } from 'zod';

const Settings = z
  .object({
    ...processSettings,
    ...brokerSettings,
    PORT: port.default(4000),
    MANAGEMENT_PORT: port.optional(),
    DATABASE_URL: z.url(),
    /** The name of this issuer in every token: the address by which clients and BFFs reach it, without a slash at the end. */
    ISSUER_URL: z
      .url({ protocol: /^https?$/ })
      .regex(/[^/]$/, 'must not end with a slash')
      .default('http://localhost:4000'),
  })
  .transform((settings) => ({ ...settings, MANAGEMENT_PORT: settings.MANAGEMENT_PORT ?? settings.PORT + 100 }));

export type Config = z.infer<typeof Settings>;

export const readConfig = (): Config => loadConfig(Settings);
