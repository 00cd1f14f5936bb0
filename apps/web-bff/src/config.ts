import {
  bffSettings,
  eventSettings,
  eventsSomewhere,
  keyring,
  loadConfig,
  milliseconds,
  origin,
  serviceSettings,
  stateSettings,
  stateSomewhere,
  withManagementPort,
  type Environment,
} from '@facet/config';
import { z } from 'zod';
import { clientKey } from './session/client-key.js';

const hour = 3_600_000;

export const Config = z
  .object({
    ...bffSettings(4001),
    ...eventSettings,
    ...stateSettings,
    /** Where browsers reach us: what the issuer sends people back to, and the origin that sockets must come from. */
    PUBLIC_URL: origin.default('http://localhost:4001'),
    /** The private key, a JWK, by which we prove to the issuer that we are web-app. */
    CLIENT_KEY: clientKey,
    /** From version to key: `{"1":"…"}`. The highest version seals sessions, the others still open what they sealed. */
    SESSION_KEYS: keyring.refine(
      (keys) => Object.keys(keys).length > 0 && Object.keys(keys).every((version) => /^[1-9]\d?$/.test(version)),
      'must name its keys by version: 1, 2, … 99',
    ),
    SESSION_IDLE_MS: milliseconds.default(24 * hour),
    SESSION_MAX_MS: milliseconds.default(14 * 24 * hour),
    ...serviceSettings('USERS', { port: 5051, deadlineMs: 300 }),
    ...serviceSettings('ROOMS', { port: 5052, deadlineMs: 500 }),
    ...serviceSettings('MESSAGES', { port: 5053, deadlineMs: 500 }),
    ...serviceSettings('MEDIA', { port: 5080, deadlineMs: 2_000 }),
    ...serviceSettings('NOTIFICATIONS', { port: 5055, deadlineMs: 300 }),
  })
  .refine(...eventsSomewhere)
  .refine(...stateSomewhere)
  .transform(withManagementPort);

export type Config = z.output<typeof Config>;

export function readConfig(environment?: Environment): Config {
  return loadConfig(Config, environment);
}
