import { Handback } from '@facet/balancing';
import { CircuitBreaker, type BreakerPolicy } from './circuit-breaker.js';
import type { Remote } from './remote.js';
import { MethodMetrics } from './rpc-metrics.js';
import type { Tier } from './tier.js';

/** Lane: one method at one tier: its breaker, and what it is counted by. */
export interface Lane {
  readonly tier: Tier;
  readonly breaker: CircuitBreaker;
  readonly metrics: MethodMetrics;
}

/**
 * Lanes: the ways that the calls to one method may take: to the instances of the target; while none of these can be reached, or its breaker
 * is open, to those of the backup. What is well again gets its calls back little by little.
 */
export class Lanes {
  readonly primary: Lane;
  readonly #backup: Lane | undefined;
  readonly #handback = new Handback();

  /** `path` is the method's on the wire. */
  constructor(
    { dependency, primary, backup, kind }: Pick<Remote, 'dependency' | 'primary' | 'backup' | 'kind'>,
    path: string,
    policy: BreakerPolicy,
  ) {
    const laneOf = (tier: Tier): Lane => {
      const metrics = new MethodMetrics(dependency, tier.target, path, kind);
      const breaker = new CircuitBreaker(policy);
      breaker.onChange = (state) => metrics.breaker(state);
      return { tier, breaker, metrics };
    };
    this.primary = laneOf(primary);
    this.#backup = backup && laneOf(backup);
  }

  /** A call may queue. */
  admits(): boolean {
    return this.primary.breaker.admits() || this.#backup?.breaker.admits() === true;
  }

  /** The member that calls with this affinity go to just now, where the policy knows affinities. */
  homeOf(affinity: string | undefined): unknown {
    return affinity === undefined ? undefined : this.#likely.tier.roster.fleet.homeOf(affinity);
  }

  /** Instances that calls are spread over just now; 0 while nobody has said yet which there are. */
  get breadth(): number {
    const { roster } = this.#likely.tier;
    return roster.told ? roster.fleet.breadth : 0;
  }

  get #likely(): Lane {
    return this.#backup && !isWell(this.primary) ? this.#backup : this.primary;
  }

  /** The way that calls take now. */
  choose(): Lane {
    const { primary } = this;
    const backup = this.#backup;
    if (!backup) return primary;
    const choice = this.#handback.choose(isWell(primary));
    return choice === 'backup' && isWell(backup) ? backup : primary;
  }
}

function isWell({ tier: { roster }, breaker }: Lane): boolean {
  return breaker.admits() && (roster.fleet.usable || roster.awaited);
}
