import type { InternalTokenMinter } from '@facet/auth';
import type { ServiceDefinition } from '@facet/service-kit/wire';
import type { PolicyOptions } from './policy.js';
import type { Tier } from './tier.js';

/** Remote: one service as this process reaches it, with what all its methods share. */
export interface Remote {
  readonly service: ServiceDefinition;
  /** Short name, as answers and logs show it: `rooms`. */
  readonly dependency: string;
  /** Whom the internal token is for: `rooms-service`. */
  readonly audience: string;
  /** How it is spoken to. */
  readonly kind: 'grpc' | 'http';
  /** Where it is. */
  readonly primary: Tier;
  /** Where else it is, while nobody can be reached there, or its breaker is open. */
  readonly backup?: Tier | undefined;
  readonly deadlineMs: number;
  /** Kept back of the request's time, to answer with what there is. */
  readonly reserveMs: number;
  readonly policy: PolicyOptions;
  readonly minter: Pick<InternalTokenMinter, 'mint'>;
}
