export { Fleet, type BalancingPolicy, type FleetOptions } from './fleet.js';
export { Handback, type HandbackOptions } from './handback.js';
export type { Landing, Member } from './member.js';
