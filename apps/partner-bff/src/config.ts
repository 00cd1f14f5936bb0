import {
  bffSettings,
  eventSettings,
  eventsSomewhere,
  loadConfig,
  origin,
  partnerTlsSettings,
  partnerTlsWhole,
  serviceSettings,
  withManagementPort,
  type Environment,
} from '@facet/config';
import { z } from 'zod';

const resources = z
  .object({
    ...bffSettings(4003),
    ...eventSettings,
    /** How partners reach us: what our metadata is for. */
    PUBLIC_URL: origin.default('http://localhost:4003'),
    ...partnerTlsSettings,
    ...serviceSettings('USERS', { port: 5051, deadlineMs: 900 }),
    ...serviceSettings('ROOMS', { port: 5052, deadlineMs: 900 }),
    ...serviceSettings('MESSAGES', { port: 5053, deadlineMs: 900 }),
    ...serviceSettings('MEDIA', { port: 5080, deadlineMs: 2_000 }),
    ...serviceSettings('IDENTITY', { port: 4000, deadlineMs: 500 }),
  })
  .refine(...partnerTlsWhole)
  .refine(...eventsSomewhere)
  .transform(withManagementPort);

export type Config = z.infer<typeof resources>;

export const config = (environment?: Environment): Config => loadConfig(resources, environment);
