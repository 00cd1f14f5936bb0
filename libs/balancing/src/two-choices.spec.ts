import { describe, expect, it } from 'vitest';
import { endpoints, World } from '../test/world.fixtures.js';

/** Who is picked how often while nothing departs. */
const picks = ({ fleet }: World, times = 3_000) => {
  const got: Record<string, number> = {};
  for (let pick = 0; pick < times; pick++) {
    const { address } = fleet.pick(1)!;
    got[address] = (got[address] ?? 0) + 1;
  }
  return got;
};

describe('least_request', () => {
  const leastRequest = (table: string) => new World(table, { policy: 'least_request' });

  it('never picks the busiest, and among three the idlest in two of three cases', () => {
    const world = leastRequest('a b c');
    world.at('a').departed(9);
    world.at('b').departed(5);
    const got = picks(world);
    expect(got['a']).toBeUndefined();
    expect(got['c']! / 3_000).toBeCloseTo(2 / 3, 1);
  });

  it('counts a batch as its items', () => {
    const world = leastRequest('a b');
    world.at('a').departed(50);
    for (let rpc = 0; rpc < 49; rpc++) world.at('b').departed(1);
    expect(picks(world)).toEqual({ b: 3_000 });
    world.at('a').landed(50, 1, 'left');
    expect(picks(world)).toEqual({ a: 3_000 });
  });

  it('spreads calls over idle instances by weight: ideal 1/3 each, or 1/6, 2/6, 3/6, within 5 %', () => {
    const even = picks(leastRequest('a b c'), 30_000);
    for (const address of ['a', 'b', 'c']) expect(Math.abs((even[address]! * 3) / 30_000 - 1)).toBeLessThan(0.05);
    const uneven = leastRequest('a b*2 c*3').share(30_000);
    for (const [address, ideal] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ] as const)
      // prettier-ignore
      expect(Math.abs((uneven[address]! * 6) / 30_000 / ideal - 1)).toBeLessThan(0.05);
  });

  it('has items in flight by weight under load: ideal 100, 200, 300, within 5 %', () => {
    const { fleet } = leastRequest('a b*2 c*3');
    for (let call = 0; call < 600; call++) fleet.pick(1)!.departed(1);
    for (const { weight, inFlight } of fleet.members) expect(Math.abs(inFlight / weight / 100 - 1)).toBeLessThan(0.05);
  });

  it('goes to the other where it is not to go to one of the two', () => {
    const world = leastRequest('a b');
    world.at('b').departed(100);
    for (let pick = 0; pick < 50; pick++) expect(world.fleet.pick(1, undefined, world.at('a'))).toBe(world.at('b'));
  });
});

describe('dynamic', () => {
  const dynamic = (table: string) => new World(table, { policy: 'dynamic', outlier: false, slowStart: { ms: 0 } });

  it('goes to the faster one of two', () => {
    const world = dynamic('a b');
    world.land('a', 1, 'succeeded', 10);
    world.land('b', 1, 'succeeded', 12);
    expect(picks(world)).toEqual({ a: 3_000 });
  });

  it('goes to the slower one once the faster has so much more to do', () => {
    const world = dynamic('a b');
    world.land('a', 1, 'succeeded', 10);
    world.land('b', 1, 'succeeded', 100);
    world.at('a').departed(8);
    expect(picks(world)).toEqual({ a: 3_000 });
    world.at('a').departed(2);
    expect(picks(world)).toEqual({ b: 3_000 });
  });

  it('goes by weight where latencies are equal', () => {
    const world = dynamic('a b*3');
    world.land('a', 1);
    world.land('b', 1);
    world.at('b').departed(1);
    expect(picks(world)).toEqual({ b: 3_000 });
    world.at('b').departed(2);
    expect(picks(world)).toEqual({ a: 3_000 });
  });

  it('tries an instance that was never measured with one RPC, and waits for what comes of it', () => {
    const world = dynamic('a b');
    world.land('a', 1, 'succeeded', 1);
    expect(picks(world)).toEqual({ b: 3_000 });
    world.at('b').departed(1);
    world.at('a').departed(50);
    expect(picks(world)).toEqual({ a: 3_000 });
  });

  it('spreads calls while nobody has been measured', () => {
    const { fleet } = dynamic('a b c');
    for (let call = 0; call < 300; call++) fleet.pick(1)!.departed(1);
    for (const { inFlight } of fleet.members) expect(Math.abs(inFlight - 100)).toBeLessThan(5);
  });

  it('tries one that was slow again after a while, and leaves it again at once where it still is', () => {
    const world = dynamic('a b');
    world.land('b', 1, 'succeeded', 100);
    for (let second = 0; second < 22; second++) {
      world.land('a', 1, 'succeeded', 10);
      expect(picks(world, 20)).toEqual({ a: 20 });
      world.now += 1_000;
    }
    world.land('a', 1, 'succeeded', 10);
    world.now += 1_500;
    world.land('a', 1, 'succeeded', 10);
    expect(picks(world, 20)).toEqual({ b: 20 });
    world.land('b', 1, 'succeeded', 100);
    expect(picks(world, 20)).toEqual({ a: 20 });
  });

  it('is not drawn to an instance that fails fast', () => {
    const world = dynamic('a b');
    world.land('a', 10, 'succeeded', 30);
    world.land('b', 10, 'failed', 1);
    expect(picks(world)).toEqual({ a: 3_000 });
  });

  it('says nothing of an instance by callers who went away', () => {
    const world = dynamic('a b');
    world.land('a', 1, 'succeeded', 10);
    world.land('b', 1, 'succeeded', 5);
    world.land('b', 10, 'left', 5_000);
    expect(picks(world)).toEqual({ b: 3_000 });
  });

  it('measures one anew that was away', () => {
    const world = dynamic('a b');
    world.land('a', 1, 'succeeded', 1);
    world.land('b', 1, 'succeeded', 1_000);
    world.at('b').reachable = false;
    world.at('b').reachable = true;
    expect(picks(world)).toEqual({ b: 3_000 });
  });

  it('knows nothing of one that left the table', () => {
    const world = dynamic('a b');
    const gone = world.at('b');
    gone.departed(1);
    world.fleet.update(endpoints('a c'));
    gone.landed(1, 1, 'succeeded');
    world.land('a', 1, 'succeeded', 1);
    expect(picks(world)).toEqual({ c: 3_000 });
  });
});
