import type { FleetOptions } from '@facet/balancing';
import { mostItems } from '@facet/service-kit/wire';
import type { BackoffPolicy } from './backoff.js';
import type { BulkheadPolicy } from './bulkhead.js';
import type { BreakerPolicy } from './circuit-breaker.js';
import type { RetryBudgetPolicy } from './retry-budget.js';

/** BatchPolicy: how calls travel together. `mostItems: 1` sends each of them alone. */
export interface BatchPolicy {
  /** Batches of a method on the wire, for each instance that the target names; the rest gather meanwhile. */
  readonly outstanding: number;
  readonly mostItems: number;
  readonly mostBytes: number;
}

/** RetryPolicy: how often an idempotent call is tried, the first time included, and how long it waits in between. */
export interface RetryPolicy extends BackoffPolicy {
  readonly attempts: number;
}

/** MethodPolicy: what may differ from method to method. */
export interface MethodPolicy {
  readonly batch: BatchPolicy;
  readonly retry: RetryPolicy;
  readonly breaker: BreakerPolicy;
  /** An idempotent call without an answer after so long is sent once more. Absent: never. */
  readonly hedgeAfterMs?: number | undefined;
}

/** BalancePolicy: which instance of a target takes a call, and when one is taken out. */
export interface BalancePolicy extends Omit<FleetOptions, 'zone' | 'now' | 'random' | 'onChange' | 'onEjection'> {
  /** What `ip_hash` hashes: the address of the client, the subject of the caller, or a field of the request (`request.roomId`). */
  readonly hashOn: 'client_address' | 'caller' | `request.${string}`;
}

/** CallPolicy: all that is decided about the calls to a method beside their deadline. Balancing, retry budget and bulkhead are one per target. */
export interface CallPolicy extends MethodPolicy {
  readonly balance: BalancePolicy;
  readonly retryBudget: RetryBudgetPolicy;
  readonly bulkhead: BulkheadPolicy;
}

/** PolicyPart: a policy of which anything may be left out. */
export type PolicyPart<Policy> = {
  readonly [Field in keyof Policy]?: (Policy[Field] extends object ? PolicyPart<Policy[Field]> : Policy[Field]) | undefined;
};

/** PolicyOptions: what differs from the defaults for a target, and for single methods of it (`listRooms`). */
export interface PolicyOptions<Method extends string = string> extends PolicyPart<CallPolicy> {
  readonly methods?: { readonly [M in Method]?: PolicyPart<MethodPolicy> | undefined } | undefined;
}

/** defaultPolicy: what holds where nothing else is said. */
export const defaultPolicy: CallPolicy = {
  batch: { outstanding: 2, mostItems, mostBytes: 1_048_576 },
  retry: { attempts: 3, baseMs: 20, capMs: 250 },
  retryBudget: { tokens: 200, ratio: 0.1 },
  breaker: { failureRatio: 0.5, minimumItems: 20, windowMs: 10_000, openMs: 1_000, mostOpenMs: 30_000, probes: 1 },
  bulkhead: { rpcs: 500, waiting: 10_000 },
  balance: { policy: 'dynamic', hashOn: 'caller' },
};

/** policyFor: the policy of a method, or without one of the target. Throws a RangeError that names the field that is out of its range. */
export function policyFor(options: PolicyOptions = {}, method?: string): CallPolicy {
  const { methods, ...target } = options;
  const special: PolicyPart<CallPolicy> = methods?.[method ?? ''] ?? {};
  const policy = merged(merged(defaultPolicy, target), special);
  check(policy);
  return policy;
}

function merged<Policy extends object>(policy: Policy | undefined, part: PolicyPart<Policy>): Policy {
  const changes = Object.entries(part).filter(([, value]) => value !== undefined);
  const known = (policy ?? {}) as Readonly<Record<string, unknown>>;
  const changed = changes.map(([field, value]) => [field, isPart(value) ? merged(known[field] as object | undefined, value) : value]);
  return { ...known, ...Object.fromEntries(changed) } as Policy;
}

function isPart(value: unknown): value is object {
  return typeof value === 'object';
}

type Range = readonly [least: number, most: number, whole?: 'whole'];

const ranges: {
  readonly [Part in Exclude<keyof CallPolicy, 'hedgeAfterMs' | 'balance'>]: { readonly [Field in keyof CallPolicy[Part]]: Range };
} = {
  batch: { outstanding: [1, 100, 'whole'], mostItems: [1, mostItems, 'whole'], mostBytes: [1_024, 3_145_728, 'whole'] },
  retry: { attempts: [1, 5, 'whole'], baseMs: [1, 10_000], capMs: [1, 60_000] },
  retryBudget: { tokens: [1, 1_000, 'whole'], ratio: [0.001, 1] },
  breaker: {
    failureRatio: [0.01, 1],
    minimumItems: [1, 1_000_000, 'whole'],
    windowMs: [100, 600_000],
    openMs: [1, 600_000],
    mostOpenMs: [1, 600_000],
    probes: [1, 100, 'whole'],
  },
  bulkhead: { rpcs: [1, 100_000, 'whole'], waiting: [1, 1_000_000, 'whole'] },
};

function check(policy: CallPolicy): void {
  for (const [part, fields] of Object.entries(ranges))
    for (const [field, range] of Object.entries<Range>(fields)) {
      const values = policy[part as keyof typeof ranges] as unknown as Readonly<Record<string, number>>;
      checkRange(`${part}.${field}`, values[field]!, range);
    }
  const { retry, breaker, hedgeAfterMs } = policy;
  if (hedgeAfterMs !== undefined) checkRange('hedgeAfterMs', hedgeAfterMs, [1, 60_000]);
  checkRange('retry.capMs', retry.capMs, [retry.baseMs, 60_000]);
  checkRange('breaker.mostOpenMs', breaker.mostOpenMs, [breaker.openMs, 600_000]);
}

function checkRange(field: string, value: number, [least, most, whole]: Range): void {
  if (value >= least && value <= most && (whole === undefined || Number.isInteger(value))) return;
  throw new RangeError(`${field} must be ${whole ? 'a whole number ' : ''}from ${least} to ${most}, not ${value}`);
}
