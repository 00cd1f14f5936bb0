import type { Chooser } from './chooser.js';
import { Dynamic } from './dynamic.js';
import { IpHash } from './ip-hash.js';
import { LeastRequest } from './least-request.js';
import type { Member } from './member.js';
import { Nearest } from './nearest.js';
import type { BalancingPolicy, FleetOptions } from './options.js';
import { Turns } from './turns.js';

/** ChooserNeeds: the options with its clock and dice, and the whole table. */
export type ChooserNeeds = FleetOptions & {
  readonly now: () => number;
  readonly random: () => number;
  readonly all: () => readonly Member[];
};

const choosers: Record<BalancingPolicy, (needs: ChooserNeeds) => Chooser> = {
  round_robin: () => new Turns(),
  weighted_round_robin: () => new Turns(),
  ip_hash: ({ hash }) => new IpHash(hash ?? {}),
  least_request: ({ random }) => new LeastRequest(random),
  dynamic: ({ dynamic, now, random }) => new Dynamic(dynamic ?? {}, now, random),
  nearest: ({ zone, nearest, all }) => new Nearest(zone, nearest ?? {}, all),
};

/** chooserOf: the policy that the options name. */
export function chooserOf(needs: ChooserNeeds): Chooser {
  return choosers[needs.policy](needs);
}
