import type { BalancingPolicy } from '@facet/balancing';
import type { ServiceDefinition, SingleMethod } from '@facet/service-kit/wire';
import type { ClientOptions } from './connect-clients.js';
import type { PolicyOptions } from './policy.js';

/** ServiceConfig: the settings of one service, as `serviceSettings` of @facet/config reads them. */
export type ServiceConfig<Name extends string> = Readonly<Record<`${Uppercase<Name>}_TARGET`, string>> &
  Readonly<Record<`${Uppercase<Name>}_DEADLINE_MS`, number>> &
  Readonly<Partial<Record<`${Uppercase<Name>}_BACKUP_TARGET`, string | undefined>>> &
  Readonly<Partial<Record<`${Uppercase<Name>}_BALANCING`, BalancingPolicy | undefined>>> & { readonly ZONE?: string | undefined };

/**
 * clientOf: a service by its one name: `users` is the dependency `users`, the audience `users-service`, and is found and limited by
 * `USERS_TARGET`, `USERS_BACKUP_TARGET`, `USERS_BALANCING` and `USERS_DEADLINE_MS` of the configuration. `policy` says what differs from the
 * defaults, for the target or for single methods.
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
    backupTarget: settings[`${prefix}_BACKUP_TARGET`] as string | undefined,
    zone: settings['ZONE'] as string | undefined,
    deadlineMs: settings[`${prefix}_DEADLINE_MS`] as number,
    policy: balanced(policy, settings[`${prefix}_BALANCING`] as BalancingPolicy | undefined),
  };
}

function balanced(options: PolicyOptions = {}, policy: BalancingPolicy | undefined): PolicyOptions {
  return policy === undefined ? options : { ...options, balance: { ...options.balance, policy } };
}
