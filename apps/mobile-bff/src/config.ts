import {
  bffSettings,
  eventSettings,
  eventsSomewhere,
  list,
  loadConfig,
  origin,
  serviceSettings,
  stateSettings,
  stateSomewhere,
  webOrigins,
  withManagementPort,
  type Environment,
} from '@facet/config';
import { z } from 'zod';

// A command on a room that was made a moment ago may wait in these services until they have heard of it; screens give them less time.
const patient = 900;

const screens = z
  .object({
    ...bffSettings(4002),
    ...eventSettings,
    ...stateSettings,
    /** How phones reach us: what their proofs name. */
    PUBLIC_URL: origin.default('http://localhost:4002'),
    /** OAuth clients whose tokens need be bound to no key. */
    BEARER_CLIENTS: list,
    CORS_ORIGINS: webOrigins,
    ...serviceSettings('USERS', { port: 5051, deadlineMs: 500 }),
    ...serviceSettings('ROOMS', { port: 5052, deadlineMs: 500 }),
    ...serviceSettings('MESSAGES', { port: 5053, deadlineMs: patient }),
    ...serviceSettings('MEDIA', { port: 5080, deadlineMs: 2_000 }),
    ...serviceSettings('PRESENCE', { port: 5054, deadlineMs: patient }),
    ...serviceSettings('NOTIFICATIONS', { port: 5055, deadlineMs: patient }),
  })
  .refine(...eventsSomewhere)
  .refine(...stateSomewhere)
  .transform(withManagementPort);

export type Config = z.infer<typeof screens>;

export const config = (environment?: Environment): Config => loadConfig(screens, environment);
