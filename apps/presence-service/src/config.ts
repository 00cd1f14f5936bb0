import { brokerSettings, keyring, loadConfig, port, processSettings } from '@facet/config';
import { z } from 'zod';

const Settings = z.object({
  ...processSettings,
  ...brokerSettings,
  PORT: port.default(5054),
  DATABASE_URL: z.url(),
  INTERNAL_KEYS: keyring,
});

export type Config = z.infer<typeof Settings>;

export const readConfig = (): Config => loadConfig(Settings);
