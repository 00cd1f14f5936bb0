import { describe, expect, it } from 'vitest';
import { endpoints, seeded, World } from '../test/world.fixtures.js';
import type { BalancingPolicy } from './options.js';

const policies: readonly BalancingPolicy[] = ['round_robin', 'weighted_round_robin', 'ip_hash', 'least_request', 'dynamic', 'nearest'];
const takers = (world: World, calls = 600) => Object.keys(world.share(calls, { key: (call) => `key ${call}` })).sort();

describe('a table', () => {
  it('keeps the members that stay, by address, with what is new of them', () => {
    const world = new World('a b');
    const [a, b] = world.fleet.members;
    a!.departed(7);
    world.fleet.update(endpoints('c a@z*3'));
    expect(world.at('a')).toBe(a);
    expect(a).toMatchObject({ inFlight: 7, endpoint: { zone: 'z', weight: 3 }, weight: 3 });
    expect(world.fleet.members.map(({ address }) => address)).toEqual(['c', 'a']);
    expect(world.fleet.members).not.toContain(b);
  });

  it('counts an address once', () => {
    const world = new World('a a b');
    expect(world.fleet.members).toHaveLength(2);
    expect(world.share(10)).toEqual({ a: 5, b: 5 });
  });

  it('hears nothing of members that left, whose calls land all the same', () => {
    const world = new World('a b');
    const a = world.at('a');
    a.departed(3);
    world.fleet.update(endpoints('b c'));
    a.reachable = false;
    for (let rpc = 0; rpc < 10; rpc++) a.landed(1, 1, 'failed');
    expect(a.inFlight).toBe(0);
    expect(world.ejections).toEqual([]);
  });

  it.each(policies)('may be empty, or of one, by %s', (policy) => {
    const world = new World('a', { policy });
    expect(world.fleet.pick(1, 'key', world.at('a'))).toBe(world.at('a'));
    world.fleet.update([]);
    expect(world.fleet.pick(1, 'key')).toBeUndefined();
    expect(world.fleet.homeOf('key')).toBeUndefined();
    expect([world.fleet.usable, world.fleet.breadth]).toEqual([false, 1]);
  });
});

describe.each(policies)('by %s', (policy) => {
  const start = (table = 'a b c') => new World(table, { policy, slowStart: { ms: 0 } });

  it('calls go to everybody who is well', () => {
    expect(takers(start())).toEqual(['a', 'b', 'c']);
    expect(start().fleet.breadth).toBe(3);
  });

  it('none goes to whom it is not to go to while there is another', () => {
    const world = start();
    const picked = Array.from({ length: 300 }, (__, pick) => world.fleet.pick(1, `key ${pick}`, world.at('b'))?.address);
    expect(picked).not.toContain('b');
    expect(picked).not.toContain(undefined);
  });

  it.each(['reachable', 'serving'] as const)('none goes to one that is not %s while another is, and it gets calls again', (flag) => {
    const world = start();
    world.at('b')[flag] = false;
    expect(takers(world)).toEqual(['a', 'c']);
    expect(world.fleet.breadth).toBe(2);
    world.at('b')[flag] = true;
    expect(takers(world)).toEqual(['a', 'b', 'c']);
  });

  it('a pick claims nothing', () => {
    const { fleet } = start();
    for (let pick = 0; pick < 100; pick++) fleet.pick(500, `key ${pick}`);
    expect(fleet.members.map(({ inFlight }) => inFlight)).toEqual([0, 0, 0]);
  });
});

describe('a fleet in need', () => {
  it('uses those that do not serve when nobody does, and anybody when nobody can be reached', () => {
    const world = new World('a b c', { slowStart: { ms: 0 } });
    for (const { address } of world.fleet.members) world.at(address).serving = false;
    expect(takers(world)).toEqual(['a', 'b', 'c']);
    world.at('a').reachable = world.at('b').reachable = false;
    expect(takers(world)).toEqual(['c']);
    expect(world.fleet.usable).toBe(true);
    world.at('c').reachable = false;
    expect(takers(world)).toEqual(['a', 'b', 'c']);
    expect(world.fleet.usable).toBe(false);
    world.at('c').reachable = true;
    expect(world.fleet.usable).toBe(true);
  });

  it('uses those taken out as well where less than half of the table is well, but not those out of reach', () => {
    const world = new World('a b c d', { slowStart: { ms: 0 } });
    world.land('a', 5, 'failed');
    expect(takers(world)).toEqual(['b', 'c', 'd']);
    world.at('b').reachable = false;
    expect(takers(world)).toEqual(['c', 'd']);
    world.at('c').reachable = false;
    expect(takers(world)).toEqual(['a', 'd']);
    world.at('c').reachable = true;
    expect(takers(world)).toEqual(['c', 'd']);
  });

  it('panics from the share on that it was told', () => {
    const world = new World('a b c', { panicShare: 0.9 });
    world.land('a', 5, 'failed');
    expect(takers(world)).toEqual(['a', 'b', 'c']);
  });

  it('never keeps everybody out', () => {
    const world = new World('a b', { panicShare: 0, outlier: { mostEjected: 1 } });
    world.land('a', 5, 'failed');
    world.at('b').reachable = false;
    expect(takers(world)).toEqual(['a']);
  });
});

describe('slow start', () => {
  /** The newcomer's part of the calls. */
  const partOf = (world: World, address: string, calls = 2_000) => (world.share(calls)[address] ?? 0) / calls;
  const round = (world: World, address: string, expected: number) =>
    expect(Math.abs(partOf(world, address) / expected - 1)).toBeLessThan(0.05);

  it.each([
    [0, 0.1],
    [2_500, 0.325],
    [5_000, 0.55],
    [10_000, 1],
    [60_000, 1],
  ])('gives a new instance after %i ms %d of its share, within a twentieth', (ms, ramp) => {
    const world = new World('a b');
    world.fleet.update(endpoints('a b c'));
    world.now += ms;
    round(world, 'c', ramp / (2 + ramp));
  });

  it('is by weight where the policy is', () => {
    const world = new World('a b', { policy: 'weighted_round_robin' });
    world.fleet.update(endpoints('a b c*4'));
    world.now += 5_000;
    round(world, 'c', 2.2 / 4.2);
  });

  it.each(['least_request', 'dynamic', 'ip_hash'] as const)('spares a new instance under load by %s as well', (policy) => {
    const world = new World('a b', { policy });
    for (const address of ['a', 'b']) world.land(address, 10);
    world.fleet.update(endpoints('a b c'));
    world.land('c', 1);
    for (let call = 0; call < 2_100; call++) world.fleet.pick(1, `key ${call}`)!.departed(1);
    expect(world.at('c').inFlight).toBeLessThan(150);
    world.now += 10_000;
    for (let call = 0; call < 6_000; call++) world.fleet.pick(1, `key ${call}`)!.departed(1);
    expect(world.at('c').inFlight).toBeGreaterThan(2_000);
  });

  it('is for one that was away for a second or was taken out, not for a connection that is renewed', () => {
    const world = new World('a b c');
    world.at('c').reachable = false;
    world.now += 999;
    world.at('c').reachable = true;
    round(world, 'c', 1 / 3);
    world.at('c').serving = false;
    world.now += 1_000;
    world.at('c').serving = true;
    round(world, 'c', 0.1 / 2.1);
    world.now += 10_000;
    round(world, 'c', 1 / 3);
    world.land('c', 5, 'failed');
    world.now += 40_000;
    world.fleet.sweep();
    expect(world.ejections.at(-1)).toBe('c back');
    round(world, 'c', 0.1 / 2.1);
  });

  it('is for nobody where the whole fleet is new', () => {
    const world = new World('a b');
    world.fleet.update(endpoints('c d e'));
    expect(world.share(300)).toEqual({ c: 100, d: 100, e: 100 });
    expect(world.fleet.members.map(({ ramp }) => ramp)).toEqual([1, 1, 1]);
  });

  it('gives all calls to one that starts where there is nobody else', () => {
    const world = new World('a b');
    world.fleet.update(endpoints('a c'));
    world.at('a').reachable = false;
    expect(world.share(100)).toEqual({ c: 100 });
  });

  it('goes on in the time and from the share that was told', () => {
    const world = new World('a', { slowStart: { ms: 1_000, leastShare: 0.5 } });
    world.fleet.update(endpoints('a b'));
    round(world, 'b', 0.5 / 1.5);
    world.now += 1_000;
    round(world, 'b', 0.5);
  });
});

describe('who follows a fleet', () => {
  it('is told of each table and of each change of who takes calls, and of nothing else', () => {
    const world = new World('a b c', { slowStart: { ms: 1_000 } });
    const told = () => {
      const { changes } = world;
      world.changes = 0;
      return changes;
    };
    expect(told()).toBe(1);
    world.share(100);
    world.at('a').reachable = true;
    expect(told()).toBe(0);
    world.at('a').reachable = false;
    expect(told()).toBe(1);
    world.at('a').serving = false;
    expect(told()).toBe(0);
    world.at('a').reachable = world.at('a').serving = true;
    expect(told()).toBe(1);
    world.land('b', 5, 'failed');
    expect(told()).toBe(1);
    world.fleet.update(endpoints('a b c d'));
    expect(told()).toBe(1);
    world.now += 1_000;
    world.share(100);
    expect(told()).toBe(0);
  });
});

describe('a fleet whose instances come, go, fail and return at random', () => {
  it.each(policies)('always has somebody for a call, never one that cannot take it while another can, by %s', (policy) => {
    const random = seeded(11);
    const world = new World('i0', { policy, zone: 'a' });
    const { fleet } = world;
    const under: (() => void)[] = [];
    const wrong: string[] = [];
    const any = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)]!;
    for (let step = 0; step < 4_000; step++) {
      world.now += random() * 100;
      const chance = random();
      if (chance < 0.01) {
        const table = Array.from({ length: 1 + Math.floor(random() * 12) }, () => Math.floor(random() * 20));
        fleet.update(table.map((at) => ({ address: `i${at}`, zone: 'abc'[at % 3]!, weight: 1 + (at % 4) })));
      } else if (chance < 0.04) any(fleet.members)[any(['reachable', 'serving'] as const)] = random() < 0.6;
      else if (chance < 0.5 && under.length > 0) under.splice(Math.floor(random() * under.length), 1)[0]!();
      const items = 1 + Math.floor(random() * 20);
      const except = any(fleet.members);
      const member = fleet.pick(items, `key ${step % 50}`, except)!;
      if (!fleet.members.includes(member)) wrong.push(`${step}: somebody who left`);
      if (!member.able && fleet.members.some(({ able }) => able)) wrong.push(`${step}: somebody who cannot`);
      if (fleet.breadth > 1 && member === except) wrong.push(`${step}: whom it was not to be`);
      member.departed(items);
      under.push(() => member.landed(items, random() * 50, any(['succeeded', 'succeeded', 'failed', 'left'] as const)));
    }
    for (const land of under) land();
    expect(wrong).toEqual([]);
    expect(fleet.members.every(({ inFlight }) => inFlight === 0)).toBe(true);
  });
});
