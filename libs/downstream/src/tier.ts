import type { Bulkhead } from './bulkhead.js';
import type { Channel } from './channel.js';
import type { RetryBudget } from './retry-budget.js';
import type { Roster } from './roster.js';

/** Tier: the instances of one target, and what all services that are reached there share. */
export interface Tier {
  /** As settings and metrics show it. */
  readonly target: string;
  readonly roster: Roster;
  readonly channel: Channel;
  readonly budget: RetryBudget;
  readonly bulkhead: Bulkhead;
}
