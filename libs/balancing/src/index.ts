export { Fleet } from './fleet.js';
export { Handback, type HandbackOptions } from './handback.js';
export type { Landing, Member } from './member.js';
export type {
  BalancingPolicy,
  DynamicOptions,
  FailurePercentageOptions,
  FleetOptions,
  HashOptions,
  LatencyOptions,
  NearestOptions,
  OutlierOptions,
  SlowStartOptions,
  SuccessRateOptions,
} from './options.js';
export type { EjectionReason } from './tally.js';
