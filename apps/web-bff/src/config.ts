import { loadConfig, milliseconds, port, processSettings, secretKey, type Environment } from '@facet/config';
import { z } from 'zod';

const target = (at: number) => z.string().default(`static:127.0.0.1:${at}`);

export const Config = z
  .object({
    ...processSettings,
    PORT: port.default(4001),
    MANAGEMENT_PORT: port.optional(),
    ISSUER_URL: z.url().default('http://localhost:4000'),
    INTERNAL_ROOT_KEY: secretKey,
    USERS_TARGET: target(5051),
    ROOMS_TARGET: target(5052),
    MESSAGES_TARGET: target(5053),
    NOTIFICATIONS_TARGET: target(5055),
    USERS_DEADLINE_MS: milliseconds.default(300),
    ROOMS_DEADLINE_MS: milliseconds.default(500),
    MESSAGES_DEADLINE_MS: milliseconds.default(500),
    NOTIFICATIONS_DEADLINE_MS: milliseconds.default(300),
  })
  .transform((config) => ({ ...config, MANAGEMENT_PORT: config.MANAGEMENT_PORT ?? (config.PORT && config.PORT + 100) }));

export type Config = z.output<typeof Config>;

export function readConfig(environment?: Environment): Config {
  return loadConfig(Config, environment);
}
