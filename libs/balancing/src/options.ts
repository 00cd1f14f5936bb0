import type { Member } from './member.js';
import type { EjectionReason } from './tally.js';

/** BalancingPolicy: how a fleet chooses who takes a call. */
export type BalancingPolicy = 'round_robin' | 'weighted_round_robin' | 'ip_hash' | 'least_request' | 'dynamic' | 'nearest';

/** FleetOptions: everything but the policy has a default. Times are milliseconds, shares 0 to 1. */
export interface FleetOptions {
  readonly policy: BalancingPolicy;
  /** Where this process is; `nearest` keeps calls there. */
  readonly zone?: string | undefined;
  readonly hash?: Partial<HashOptions> | undefined;
  readonly dynamic?: Partial<DynamicOptions> | undefined;
  readonly nearest?: Partial<NearestOptions> | undefined;
  /** When an instance is taken out for what it does; `false`: never. */
  readonly outlier?: OutlierOptions | false | undefined;
  readonly slowStart?: Partial<SlowStartOptions> | undefined;
  /** Where a smaller part of the table than this is well, those taken out are used again; 0.5 unless told. */
  readonly panicShare?: number | undefined;
  /** Milliseconds that never go back. */
  readonly now?: (() => number) | undefined;
  readonly random?: (() => number) | undefined;
  /** Told after each change of the table, or of who takes calls. */
  readonly onChange?: (() => void) | undefined;
  /** Told when a member is taken out, and why; without a reason when it is back. */
  readonly onEjection?: ((member: Member, reason: EjectionReason | undefined) => void) | undefined;
}

/** HashOptions: how evenly `ip_hash` loads instances. */
export interface HashOptions {
  /** ε: nobody has more than (1 + ε) times its share of the items in flight. */
  readonly epsilon: number;
}

/** DynamicOptions: how long `dynamic` remembers. */
export interface DynamicOptions {
  /** After so long a latency counts e times less. */
  readonly decayMs: number;
}

/** NearestOptions: when `nearest` leaves the zone. */
export interface NearestOptions {
  /** The zone has all calls while this many times its healthy share is 1 or more. */
  readonly overprovision: number;
  /** With so many items in flight for each of its instances a zone is busy; with twice as many it takes no more. */
  readonly busyItems: number;
}

/** SlowStartOptions: how a new or returned instance begins. */
export interface SlowStartOptions {
  /** So long it takes a new or returned instance to get its full share; 0: at once. */
  readonly ms: number;
  /** The part of its share that it begins with. */
  readonly leastShare: number;
}

/** OutlierOptions: gRFC A50, with hosts that fit a fleet of three, and two rules of our own. `false` switches a rule off. */
export interface OutlierOptions {
  readonly intervalMs?: number;
  readonly baseEjectionMs?: number;
  readonly mostEjectionMs?: number;
  /** The part of the table that may be out at a time; one always may. */
  readonly mostEjected?: number;
  readonly successRate?: Partial<SuccessRateOptions> | false;
  readonly failurePercentage?: Partial<FailurePercentageOptions> | false;
  /** So many RPCs in a row that failed take an instance out at once; 0: never. */
  readonly consecutiveFailures?: number;
  readonly latency?: Partial<LatencyOptions> | false;
}

/** SuccessRateOptions: who fails more than the others. */
export interface SuccessRateOptions {
  /** So many standard deviations below the mean. */
  readonly stdevFactor: number;
  /** So many instances must have the volume. */
  readonly minimumHosts: number;
  /** Items in an interval, of five RPCs at least. */
  readonly volume: number;
  /** Of fewer than five, one must be so far below the mean as well. */
  readonly smallFleetGap: number;
}

/** FailurePercentageOptions: who fails nearly always. */
export interface FailurePercentageOptions {
  /** A greater part of its items has failed. */
  readonly threshold: number;
  readonly minimumHosts: number;
  readonly volume: number;
}

/** LatencyOptions: who is slower than the others. */
export interface LatencyOptions {
  /** Its median is so many times that of the others … */
  readonly factor: number;
  /** … and so much above it. */
  readonly atLeastMs: number;
  readonly minimumHosts: number;
  /** RPCs of each, those of earlier looks counting half. */
  readonly volume: number;
  /** How often medians are looked at. */
  readonly intervalMs: number;
}
