import { brokerSettings, loadConfig, port, processSettings, sharedKeys } from '@facet/config';
import { z } from 'zod';

const Settings = z.object({
  ...processSettings,
  ...brokerSettings,
  PORT: port.default(5052),
  DATABASE_URL: z.url(),
  INTERNAL_KEYS: sharedKeys,
});

export type Config = z.infer<typeof Settings>;

export const readConfig = (): Config => loadConfig(Settings);
