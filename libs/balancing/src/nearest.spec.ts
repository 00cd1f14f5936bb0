import { describe, expect, it } from 'vitest';
import { seeded, World } from '../test/world.fixtures.js';

const table = 'a1@a a2@a a3@a b1@b b2@b b3@b';
const nearest = (options: object = {}, endpoints = table) => new World(endpoints, { policy: 'nearest', zone: 'a', ...options });
const calls = 30_000;

/** Each part of the calls is within 5 % of what is ideal. */
function expectIdeal(got: Record<string, number>, ideal: Record<string, number>) {
  const all = Object.values(got).reduce((sum, each) => sum + each);
  expect(Object.keys(got).sort()).toEqual(Object.keys(ideal).sort());
  for (const [address, part] of Object.entries(ideal)) expect(Math.abs(got[address]! / all / part - 1)).toBeLessThan(0.05);
}

describe('calls to the nearest', () => {
  it('stay in the zone while it is well: ideal 1/3 each', () => {
    const world = nearest();
    expectIdeal(world.share(calls), { a1: 1 / 3, a2: 1 / 3, a3: 1 / 3 });
    expect(world.fleet.breadth).toBe(3);
  });

  it('stay by weight within the zone: ideal 1/4, 3/4', () => {
    expectIdeal(nearest({}, 'a1@a a2@a*3 b1@b').share(calls), { a1: 1 / 4, a2: 3 / 4 });
  });

  it('stay as long as the zone has spare: one of four that fails is no matter', () => {
    const world = nearest({}, 'a1@a a2@a a3@a a4@a b1@b');
    world.at('a1').reachable = false;
    expectIdeal(world.share(calls), { a2: 1 / 3, a3: 1 / 3, a4: 1 / 3 });
  });

  it.each([
    [1, 1.4 * (2 / 3)],
    [2, 1.4 * (1 / 3)],
    [3, 0],
  ])('spill over by the healthy share, with %i of three away: ideal 1.4 × of it stays, the rest is shared evenly', (away, stays) => {
    const world = nearest();
    const near = ['a1', 'a2', 'a3'];
    near.slice(0, away).forEach((address) => (world.at(address).serving = false));
    const parts: [string, number][] = near.slice(away).map((address) => [address, stays / (3 - away)]);
    const ideal = Object.fromEntries([...parts, ...['b1', 'b2', 'b3'].map((address): [string, number] => [address, (1 - stays) / 3])]);
    expectIdeal(world.share(calls), ideal);
    expect(world.fleet.breadth).toBe(6 - away);
  });

  it('spill over by items where they leave in batches: ideal 93 % stays', () => {
    const world = nearest();
    world.at('a1').serving = false;
    const random = seeded(9);
    const got = world.share(calls, { items: () => 1 + Math.floor(random() * 300) });
    const all = Object.values(got).reduce((sum, each) => sum + each);
    expect(Math.abs((got['a2']! + got['a3']!) / all / ((1.4 * 2) / 3) - 1)).toBeLessThan(0.05);
  });

  it('come back as soon as the zone is well', () => {
    const world = nearest({ slowStart: { ms: 0 } });
    world.at('a1').serving = world.at('a2').serving = false;
    world.share(1_000);
    world.at('a1').serving = world.at('a2').serving = true;
    expectIdeal(world.share(calls), { a1: 1 / 3, a2: 1 / 3, a3: 1 / 3 });
  });

  it('share what both zones have left where neither is well: ideal 1/2 stays', () => {
    const world = nearest({ panicShare: 0 });
    for (const address of ['a1', 'a2', 'b1', 'b2']) world.at(address).serving = false;
    expectIdeal(world.share(calls), { a3: 1 / 2, b3: 1 / 2 });
  });

  it('spill over little by little as the zone gets busier than told, and none do where the others are as busy', () => {
    const world = nearest({ nearest: { busyItems: 100 } });
    const staysWith = (items: number) => {
      ['a1', 'a2', 'a3'].forEach((address) => world.at(address).departed(items));
      const got = world.share(calls);
      ['a1', 'a2', 'a3'].forEach((address) => world.at(address).landed(items, 1, 'left'));
      return ((got['a1'] ?? 0) + (got['a2'] ?? 0) + (got['a3'] ?? 0)) / calls;
    };
    expect([staysWith(100), staysWith(125), staysWith(150), staysWith(200)].map((each) => each.toFixed(2))).toEqual([
      '1.00',
      '0.75',
      '0.50',
      '0.00',
    ]);
    ['b1', 'b2', 'b3'].forEach((address) => world.at(address).departed(150));
    expect(staysWith(150)).toBe(1);
    expect(staysWith(151)).toBeLessThan(1);
  });

  it('take turns everywhere where the zone has no instance, or nobody knows it', () => {
    const parts = Object.fromEntries(table.split(' ').map((each) => [each.slice(0, 2), 1 / 6]));
    expectIdeal(nearest({ zone: 'c' }).share(calls), parts);
    expectIdeal(nearest({ zone: undefined }).share(calls), parts);
  });

  it('stay where there is no other zone, however busy and sick it is', () => {
    const world = nearest({}, 'a1@a a2@a a3@a');
    world.at('a1').reachable = false;
    world.at('a2').departed(10_000);
    world.at('a3').departed(10_000);
    expectIdeal(world.share(calls), { a2: 1 / 2, a3: 1 / 2 });
  });

  it('go to another zone rather than to the one instance that they are not to go to', () => {
    const world = nearest({}, 'a1@a b1@b b2@b');
    expect(world.fleet.pick(1)?.address).toBe('a1');
    expect(world.fleet.pick(1, undefined, world.at('a1'))?.endpoint.zone).toBe('b');
  });
});
