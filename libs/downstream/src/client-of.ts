import type { ServiceDefinition, SingleMethod } from '@facet/service-kit/wire';
import type { ClientOptions } from './connect-clients.js';
import type { PolicyOptions } from './policy.js';

/** ServiceConfig: the settings of one service, as `serviceSettings` of @facet/config reads them. */
export type ServiceConfig<Name extends string> = Readonly<Record<`${Uppercase<Name>}_TARGET`, string>> &
  Readonly<Record<`${Uppercase<Name>}_DEADLINE_MS`, number>>;

/**
 * clientOf: a service by its one name: `users` is the dependency `users`, the audience `users-service`, and is found and limited by
 * `USERS_TARGET` and `USERS_DEADLINE_MS` of the configuration. `policy` says what differs from the defaults, for the target or for single
 * methods.
 */
export function clientOf<const Name extends string, S extends ServiceDefinition>(
  dependency: Name,
  service: S,
  config: ServiceConfig<Name>,
  policy?: PolicyOptions<SingleMethod<S>>,
): ClientOptions & { readonly service: S } {
  const settings = config as Readonly<Record<string, unknown>>;
  const prefix = dependency.toUpperCase();
  return {
    service,
    dependency,
    audience: `${dependency}-service`,
    target: settings[`${prefix}_TARGET`] as string,
    deadlineMs: settings[`${prefix}_DEADLINE_MS`] as number,
    ...(policy && { policy }),
  };
}
