export { Fleet, type BalancingPolicy, type FleetOptions } from './fleet.js';
export type { Landing, Member } from './member.js';
