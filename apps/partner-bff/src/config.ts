import { loadConfig, milliseconds, port, processSettings, secretKey } from '@facet/config';
import { z } from 'zod';

const settings = z
  .object({
    ...processSettings,
    PORT: port.default(4003),
    MANAGEMENT_PORT: port.optional(),
    ISSUER_URL: z.url().default('http://localhost:4000'),
    INTERNAL_ROOT_KEY: secretKey,
    USERS_TARGET: z.string().default('static:127.0.0.1:5051'),
    ROOMS_TARGET: z.string().default('static:127.0.0.1:5052'),
    MESSAGES_TARGET: z.string().default('static:127.0.0.1:5053'),
    USERS_DEADLINE_MS: milliseconds.default(900),
    ROOMS_DEADLINE_MS: milliseconds.default(900),
    MESSAGES_DEADLINE_MS: milliseconds.default(900),
  })
  .transform((read) => ({ ...read, MANAGEMENT_PORT: read.MANAGEMENT_PORT ?? read.PORT + 100 }));

export type Config = z.infer<typeof settings>;

export function config(environment?: Parameters<typeof loadConfig>[1]): Config {
  return loadConfig(settings, environment);
}
