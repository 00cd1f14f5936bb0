import { loadConfig, milliseconds, port, processSettings, secretKey } from '@facet/config';
import { z } from 'zod';

const target = (at: number) => z.string().default(`static:127.0.0.1:${at}`);
const deadline = (ms: number) => milliseconds.max(5_000).default(ms);

const settings = z
  .object({
    ...processSettings,
    PORT: port.default(4002),
    MANAGEMENT_PORT: port.optional(),
    ISSUER_URL: z.url().default('http://localhost:4000'),
    INTERNAL_ROOT_KEY: secretKey,
    USERS_TARGET: target(5051),
    ROOMS_TARGET: target(5052),
    MESSAGES_TARGET: target(5053),
    PRESENCE_TARGET: target(5054),
    NOTIFICATIONS_TARGET: target(5055),
    USERS_DEADLINE_MS: deadline(500),
    ROOMS_DEADLINE_MS: deadline(500),
    // A command on a room that was made a moment ago may wait there until the service has heard of it.
    MESSAGES_DEADLINE_MS: deadline(900),
    PRESENCE_DEADLINE_MS: deadline(900),
    NOTIFICATIONS_DEADLINE_MS: deadline(900),
  })
  .transform((read) => ({ ...read, MANAGEMENT_PORT: read.MANAGEMENT_PORT ?? read.PORT + 100 }));

export type Config = z.infer<typeof settings>;

export function config(environment?: Parameters<typeof loadConfig>[1]): Config {
  return loadConfig(settings, environment);
}
