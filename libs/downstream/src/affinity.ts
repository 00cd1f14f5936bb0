import type { RequestContext } from '@facet/context';
import type { BalancePolicy } from './policy.js';

/** AffinityOf: what a call hashes to an instance by. */
export type AffinityOf = (request: unknown, context: RequestContext) => string | undefined;

/** affinityOf: how calls are told apart under `ip_hash`; undefined where the policy does not hash. */
export function affinityOf({ policy, hashOn }: BalancePolicy): AffinityOf | undefined {
  if (policy !== 'ip_hash') return undefined;
  if (hashOn === 'caller') return (_, { caller }) => caller.subject;
  if (hashOn === 'client_address') return (_, { clientAddress }) => clientAddress;
  const field = hashOn.slice('request.'.length);
  return (request) => textOf((request as Readonly<Record<string, unknown>>)[field]);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
