import { z } from 'zod';
import { proxySettings } from './proxy-settings.js';
import { brokerSettings, list, milliseconds, port, processSettings, secretKey } from './settings.js';

/** bffSettings: what every BFF reads: where it listens, whose access tokens it accepts, and the secret of its internal tokens and cursors. */
export function bffSettings(usualPort: number) {
  return {
    ...processSettings,
    ...proxySettings,
    PORT: port.default(usualPort),
    MANAGEMENT_PORT: port.optional(),
    ISSUER_URL: z.url().default('http://localhost:4000'),
    INTERNAL_ROOT_KEY: secretKey,
    INTERNAL_CLIENTS: list,
  };
}

/** eventSettings: where a BFF that watches sees events: at the brokers, or without them in the log of a database (see `eventsSomewhere`). */
export const eventSettings = { ...brokerSettings, DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional() };

/** EventSettings: where an application without a schema of its own sees events. */
export interface EventSettings {
  readonly KAFKA_BROKERS?: readonly string[];
  readonly DATABASE_URL?: string | undefined;
}

/** eventsSomewhere: for `refine` on the settings of a BFF that watches: either brokers or a database; reported together with whatever else is wrong. */
export const eventsSomewhere: [(settings: EventSettings) => boolean, { path: string[]; error: string; when: () => boolean }] = [
  ({ KAFKA_BROKERS = [], DATABASE_URL }) => KAFKA_BROKERS.length > 0 || DATABASE_URL !== undefined,
  { path: ['DATABASE_URL'], error: 'is needed where KAFKA_BROKERS is not set: events are watched in its log', when: () => true },
];

/** stateSettings: where the replicas of a BFF share what they know together: in Redis, or without it in a schema of a database (see `stateSomewhere`). */
export const stateSettings = {
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
};

/** StateSettings: the settings of stateSettings. */
export interface StateSettings {
  readonly REDIS_URL?: string | undefined;
  readonly DATABASE_URL?: string | undefined;
}

/** stateSomewhere: for `refine` on the settings of a BFF whose replicas share state: either Redis or a database; reported together with whatever else is wrong. */
export const stateSomewhere: [(settings: StateSettings) => boolean, { path: string[]; error: string; when: () => boolean }] = [
  ({ REDIS_URL, DATABASE_URL }) => REDIS_URL !== undefined || DATABASE_URL !== undefined,
  { path: ['REDIS_URL'], error: 'is needed where DATABASE_URL is not set: replicas share their state in it', when: () => true },
];

/** withManagementPort: settings whose management port is 100 above the public one, unless told; any free one where that is any free one. */
export function withManagementPort<Settings extends { readonly PORT: number; readonly MANAGEMENT_PORT?: number | undefined }>(
  settings: Settings,
) {
  const { PORT, MANAGEMENT_PORT = PORT && PORT + 100 } = settings;
  return { ...settings, MANAGEMENT_PORT };
}

const balancing = z.enum(['round_robin', 'weighted_round_robin', 'ip_hash', 'least_request', 'dynamic', 'nearest']);

/** ServiceSettings: `USERS_TARGET`, `USERS_BACKUP_TARGET`, `USERS_BALANCING` and `USERS_DEADLINE_MS` for the name `USERS`. */
export type ServiceSettings<Name extends string> = Readonly<Record<`${Name}_TARGET`, z.ZodDefault<z.ZodString>>> &
  Readonly<Record<`${Name}_BACKUP_TARGET`, z.ZodOptional<z.ZodString>>> &
  Readonly<Record<`${Name}_BALANCING`, z.ZodOptional<typeof balancing>>> &
  Readonly<Record<`${Name}_DEADLINE_MS`, z.ZodDefault<typeof milliseconds>>>;

/**
 * serviceSettings: where a service is, on loopback unless told, where else while nobody is there, how calls are spread over its instances, and
 * the longest that one call to it may take, in milliseconds.
 */
export function serviceSettings<Name extends string>(name: Name, usual: { readonly port: number; readonly deadlineMs: number }) {
  return {
    [`${name}_TARGET`]: z.string().default(`static:127.0.0.1:${usual.port}`),
    [`${name}_BACKUP_TARGET`]: z.string().optional(),
    [`${name}_BALANCING`]: balancing.optional(),
    [`${name}_DEADLINE_MS`]: milliseconds.default(usual.deadlineMs),
  } as ServiceSettings<Name>;
}
