import type { Endpoint } from '@facet/discovery';
import { Fleet } from '../src/fleet.js';
import type { Landing, Member } from '../src/member.js';
import type { FleetOptions } from '../src/options.js';

/** seeded: mulberry32: the same numbers each time. */
export function seeded(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** endpoints: `a b@zone c*weight`. */
export function endpoints(text: string): readonly Endpoint[] {
  return text.split(' ').map((each) => {
    const [, address = '', zone, weight] = /^([^@*]+)(?:@([^*]+))?(?:\*(.+))?$/.exec(each) ?? [];
    return { address, ...(zone && { zone }), ...(weight && { weight: Number(weight) }) };
  });
}

/** World: a fleet with a clock that stands still, and dice that fall the same each time. */
export class World {
  now = 1_000_000;
  changes = 0;
  readonly ejections: string[] = [];
  readonly fleet: Fleet;

  constructor(table: string, options: Partial<FleetOptions> = {}) {
    this.fleet = new Fleet({
      policy: 'round_robin',
      now: () => this.now,
      random: seeded(),
      onChange: () => this.changes++,
      onEjection: ({ address }, reason) => this.ejections.push(`${address} ${reason ?? 'back'}`),
      ...options,
    });
    this.fleet.update(endpoints(table));
  }

  at(address: string): Member {
    return this.fleet.members.find((member) => member.address === address)!;
  }

  /** Lets RPCs leave and land at once; gives the items that each member got. */
  share(rpcs: number, { items = () => 1, key }: { items?: () => number; key?: (rpc: number) => string } = {}): Record<string, number> {
    const got: Record<string, number> = {};
    for (let rpc = 0; rpc < rpcs; rpc++) {
      const size = items();
      const member = this.fleet.pick(size, key?.(rpc))!;
      member.departed(size);
      member.landed(size, 1, 'succeeded');
      got[member.address] = (got[member.address] ?? 0) + size;
    }
    return got;
  }

  /** RPCs of one item each that one member has. */
  land(address: string, rpcs: number, landing: Landing = 'succeeded', ms = 10, items = 1): void {
    const member = this.at(address);
    for (let rpc = 0; rpc < rpcs; rpc++) {
      member.departed(items);
      member.landed(items, ms, landing);
    }
  }
}
