import type { InternalTokenMinter } from '@facet/auth';
import type { ServiceDefinition } from '@facet/service-kit/wire';
import type { Bulkhead } from './bulkhead.js';
import type { Channel } from './channel.js';
import type { PolicyOptions } from './policy.js';
import type { RetryBudget } from './retry-budget.js';

/** Remote: one service as this process reaches it, with what all its methods share. */
export interface Remote {
  readonly service: ServiceDefinition;
  /** Short name, as answers and logs show it: `rooms`. */
  readonly dependency: string;
  /** Whom the internal token is for: `rooms-service`. */
  readonly audience: string;
  /** Where it is, as metrics show it. */
  readonly target: string;
  readonly deadlineMs: number;
  /** Kept back of the request's time, to answer with what there is. */
  readonly reserveMs: number;
  readonly policy: PolicyOptions;
  readonly channel: Channel;
  readonly minter: Pick<InternalTokenMinter, 'mint'>;
  readonly budget: RetryBudget;
  readonly bulkhead: Bulkhead;
}
