import { InternalTokenMinter } from '@facet/auth';
import type { ServiceDefinition } from '@facet/service-kit/wire';
import { Bulkhead } from './bulkhead.js';
import { openChannel } from './channel.js';
import { createClient, type Client } from './client.js';
import { LastGood } from './last-good.js';
import { policyFor, type PolicyOptions } from './policy.js';
import type { Remote } from './remote.js';
import { RetryBudget } from './retry-budget.js';

/** ClientOptions: one service as this process calls it. */
export interface ClientOptions {
  readonly service: ServiceDefinition;
  /** Short name, as `degraded` and logs show it: `rooms`. */
  readonly dependency: string;
  /** Whom the internal token is for: `rooms-service`. */
  readonly audience: string;
  /** `static:host:port`. */
  readonly target: string;
  /** The longest that one call may take. */
  readonly deadlineMs: number;
  /** Where it differs from `defaultPolicy`. */
  readonly policy?: PolicyOptions;
}

/** ConnectOptions: who calls (`mobile-bff`), the secret from which its keys are derived, and whom. */
export interface ConnectOptions<C extends Readonly<Record<string, ClientOptions>>> {
  readonly issuer: string;
  readonly rootKey: Uint8Array;
  readonly clients: C;
  /** Kept back of each request's time, to answer with what there is; 20 unless told. */
  readonly reserveMs?: number;
}

/** ClientsOf: a client for each of the options. */
export type ClientsOf<C extends Readonly<Record<string, ClientOptions>>> = { readonly [Name in keyof C]: Client<C[Name]['service']> };

/** Connected: clients, what they keep for `stale` parts, and how to close their channels. */
export interface Connected<C extends Readonly<Record<string, ClientOptions>>> {
  readonly clients: ClientsOf<C>;
  readonly lastGood: LastGood;
  close(): void;
}

/** Shared by all services at one target. */
type Way = Pick<Remote, 'channel' | 'budget' | 'bulkhead'>;

/**
 * connectClients: a typed client for each service. Services at one target share a channel, a retry budget and a bulkhead, those of the
 * first. Nothing connects before the first call. Throws a RangeError where a policy makes no sense.
 */
export function connectClients<const C extends Readonly<Record<string, ClientOptions>>>(options: ConnectOptions<C>): Connected<C> {
  const { issuer, rootKey, reserveMs = 20 } = options;
  const minter = new InternalTokenMinter({ issuer, rootKey });
  const lastGood = new LastGood();
  const ways = new Map<string, Way>();
  const clients = Object.entries(options.clients).map(([name, { target, policy = {}, ...rest }]) => {
    const way = ways.get(target) ?? openWay(target, policy);
    ways.set(target, way);
    return [name, createClient({ ...rest, ...way, target, policy, reserveMs, minter }, lastGood)];
  });
  return {
    clients: Object.fromEntries(clients) as ClientsOf<C>,
    lastGood,
    close: () => ways.forEach(({ channel }) => channel.close()),
  };
}

function openWay(target: string, policy: PolicyOptions): Way {
  const { retryBudget, bulkhead } = policyFor(policy);
  return { channel: openChannel(target), budget: new RetryBudget(retryBudget), bulkhead: new Bulkhead(bulkhead) };
}
