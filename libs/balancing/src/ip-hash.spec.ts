import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpoints, seeded, World } from '../test/world.fixtures.js';

const hashed = (table: string, epsilon?: number) =>
  new World(table, { policy: 'ip_hash', hash: { epsilon: epsilon! }, slowStart: { ms: 0 } });
const keys = Array.from({ length: 20_000 }, (_, at) => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`);
const fleetOfTen = Array.from({ length: 10 }, (_, at) => `10.1.0.${at}:5050`);
const homes = ({ fleet }: World) => new Map(keys.map((key) => [key, fleet.homeOf(key)!.address]));
const counts = (homesOf: ReadonlyMap<string, string>) =>
  Object.values(Object.groupBy(homesOf.values(), (home) => home)).map((each) => each!.length);

describe('where keys are at home', () => {
  it('is the same in every process, whatever the order of its table', () => {
    const [one, other] = [hashed('a b c'), hashed('c a b')];
    expect(homes(one)).toEqual(homes(other));
  });

  it('is where calls go while nobody is full', () => {
    const { fleet } = hashed('a b c');
    for (const key of keys.slice(0, 1_000)) expect(fleet.pick(1, key)).toBe(fleet.homeOf(key));
  });

  it.each([3, 10])('is spread evenly over %i instances, also for keys that look alike: ideal 1/n each, within 5 %', (instances) => {
    const got = counts(homes(hashed(fleetOfTen.slice(0, instances).join(' '))));
    expect(got).toHaveLength(instances);
    for (const each of got) expect(Math.abs((each * instances) / keys.length - 1)).toBeLessThan(0.05);
  });

  it('is spread by weight: ideal 1/6, 2/6, 3/6, within 5 %', () => {
    const homesOf = homes(hashed('a b*2 c*3'));
    const got = Object.groupBy(homesOf.values(), (home) => home);
    for (const [address, ideal] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ] as const)
      // prettier-ignore
      expect(Math.abs((got[address]!.length * 6) / keys.length / ideal - 1)).toBeLessThan(0.05);
  });

  it.each([3, 10])('is another only for the keys of the one of %i that goes: ideal 1/n of them, at most 1/n + 5 %', (instances) => {
    const table = fleetOfTen.slice(0, instances);
    const world = hashed(table.join(' '));
    const before = homes(world);
    world.fleet.update(endpoints(table.slice(1).join(' ')));
    const after = homes(world);
    const moved = keys.filter((key) => after.get(key) !== before.get(key));
    expect(moved.every((key) => before.get(key) === table[0])).toBe(true);
    expect(moved.length / keys.length).toBeLessThan(1 / instances + 0.05);
    world.fleet.update(endpoints(table.join(' ')));
    expect(homes(world)).toEqual(before);
  });

  it('is never with whom calls do not go to', () => {
    const world = hashed('a b c');
    world.at('a').reachable = false;
    expect(new Set(homes(world).values())).toEqual(new Set(['b', 'c']));
  });

  it('is known to no other policy', () => expect(new World('a b').fleet.homeOf('key')).toBeUndefined());
});

describe('the bound of the load', () => {
  it('sends what is too much for one instance to the next in the order of the key', () => {
    const { fleet } = hashed('a b c');
    const got = Array.from({ length: 30 }, () => {
      const member = fleet.pick(1, 'hot')!;
      member.departed(1);
      return member;
    });
    expect(got[0]).toBe(fleet.homeOf('hot'));
    const loads = fleet.members.map(({ inFlight }) => inFlight).sort((one, other) => other - one);
    // Of 30: ⌈1.25 × 30 / 3⌉ = 13 at most, and the rest in the order of the key.
    expect(loads).toEqual([13, 13, 4]);
    expect(fleet.homeOf('hot')?.inFlight).toBe(13);
  });

  it('is never exceeded by anybody, whatever the keys, instances, weights and ε', () => {
    const plan = fc.record({
      weights: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 10 }),
      epsilon: fc.double({ min: 0.05, max: 2, noNaN: true }),
      calls: fc.array(fc.record({ key: fc.integer({ min: 0, max: 5 }), lands: fc.boolean() }), { maxLength: 300 }),
    });
    fc.assert(
      fc.property(plan, ({ weights, epsilon, calls }) => {
        const { fleet } = hashed(weights.map((weight, at) => `i${at}*${weight}`).join(' '), epsilon);
        const all = weights.reduce((sum, each) => sum + each, 0);
        for (const { key, lands } of calls) {
          const member = fleet.pick(1, `key ${key}`)!;
          member.departed(1);
          const inFlight = fleet.members.reduce((sum, each) => sum + each.inFlight, 0);
          expect(member.inFlight).toBeLessThanOrEqual(Math.ceil(((1 + epsilon) * inFlight * member.weight) / all - 1e-9) || 1);
          if (lands) member.landed(1, 1, 'succeeded');
        }
      }),
    );
  });

  it('is exceeded by a batch only where nobody has room for all of it, and never by one that had no room at all', () => {
    const { fleet } = hashed('a b c');
    const random = seeded(5);
    const under: (() => void)[] = [];
    for (let rpc = 0; rpc < 2_000; rpc++) {
      const items = 1 + Math.floor(random() * 50);
      const total = fleet.members.reduce((sum, each) => sum + each.inFlight, 0) + items;
      const bound = Math.ceil((1.25 * total) / 3);
      const before = fleet.members.map(({ inFlight }) => inFlight);
      const member = fleet.pick(items, `key ${Math.floor(random() * 20)}`)!;
      const roomy = before.some((inFlight) => inFlight + items <= bound);
      if (member.inFlight > 0 && roomy) expect(member.inFlight + items).toBeLessThanOrEqual(bound);
      expect(member.inFlight).toBeLessThan(bound);
      member.departed(items);
      under.push(() => member.landed(items, 1, 'succeeded'));
      if (under.length > 20) under.splice(Math.floor(random() * under.length), 1)[0]!();
    }
  });

  it('keeps a batch at its home while that is idle', () => {
    const { fleet } = hashed('a b c');
    fleet.members.filter((member) => member !== fleet.homeOf('key')).forEach((member) => member.departed(1));
    expect(fleet.pick(500, 'key')).toBe(fleet.homeOf('key'));
  });
});

describe('a call by ip_hash', () => {
  it('goes to the second of its key where it is not to go to the first', () => {
    const world = hashed('a b c');
    const home = world.fleet.homeOf('key')!;
    const second = world.fleet.pick(1, 'key', home)!;
    expect(second).not.toBe(home);
    home.reachable = false;
    expect(world.fleet.homeOf('key')).toBe(second);
  });

  it('without a key takes turns', () => expect(hashed('a b c').share(30)).toEqual({ a: 10, b: 10, c: 10 }));

  it('goes to an instance that starts slowly as far as its share allows', () => {
    const world = new World('a b', { policy: 'ip_hash' });
    world.fleet.update(endpoints('a b c'));
    for (let call = 0; call < 2_100; call++) world.fleet.pick(1, keys[call])!.departed(1);
    // Its share is 0.1 of 2.1: 100 of 2,100, and a quarter more.
    expect(world.at('c').inFlight).toBe(125);
  });
});
