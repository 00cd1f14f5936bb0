import {
  bffSettings,
  eventSettings,
  eventsSomewhere,
  loadConfig,
  serviceSettings,
  withManagementPort,
  type Environment,
} from '@facet/config';
import { z } from 'zod';

export const Config = z
  .object({
    ...bffSettings(4001),
    ...eventSettings,
    ...serviceSettings('USERS', { port: 5051, deadlineMs: 300 }),
    ...serviceSettings('ROOMS', { port: 5052, deadlineMs: 500 }),
    ...serviceSettings('MESSAGES', { port: 5053, deadlineMs: 500 }),
    ...serviceSettings('MEDIA', { port: 5080, deadlineMs: 2_000 }),
    ...serviceSettings('NOTIFICATIONS', { port: 5055, deadlineMs: 300 }),
  })
  .refine(...eventsSomewhere)
  .transform(withManagementPort);

export type Config = z.output<typeof Config>;

export function readConfig(environment?: Environment): Config {
  return loadConfig(Config, environment);
}
