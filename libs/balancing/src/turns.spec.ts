import { describe, expect, it } from 'vitest';
import { seeded, World } from '../test/world.fixtures.js';

/** Who gets the next calls, one after the other. */
const order = ({ fleet }: World, calls: number) =>
  Array.from({ length: calls }, () => {
    const member = fleet.pick(1)!;
    member.departed(1);
    return member.address;
  }).join('');

describe('round_robin', () => {
  it('gives each its turn', () => expect(order(new World('a b c'), 7)).toBe('abcabca'));

  it('minds no weights', () => expect(order(new World('a*5 b c'), 6)).toBe('abcabc'));

  it('has passed nobody over when a pick was not followed by a departure', () => {
    const { fleet } = new World('a b');
    expect([fleet.pick(1), fleet.pick(1)].map((member) => member?.address)).toEqual(['a', 'a']);
  });

  it('shares items, not RPCs, evenly: ideal 1/3 each, within 5 %', () => {
    const random = seeded(7);
    const got = new World('a b c').share(3_000, { items: () => 1 + Math.floor(random() * 500) });
    const ideal = Object.values(got).reduce((sum, each) => sum + each) / 3;
    for (const each of Object.values(got)) expect(Math.abs(each / ideal - 1)).toBeLessThan(0.05);
  });

  it('gives a small call to another as long as a batch is not made up for', () => {
    const world = new World('a b c');
    world.at('a').departed(10);
    expect(order(world, 20)).toBe('bc'.repeat(10));
    expect(order(world, 3)).toBe('abc');
  });

  it('goes on in turns without whom it is asked not to take', () => {
    const world = new World('a b c');
    expect(world.fleet.pick(1, undefined, world.at('a'))?.address).toBe('b');
  });

  it('owes a newcomer nothing of what was before, once it has started', () => {
    const world = new World('a b', { slowStart: { ms: 0 } });
    world.share(999);
    world.fleet.update([{ address: 'a' }, { address: 'b' }, { address: 'c' }]);
    expect(world.share(300)).toEqual({ a: 100, b: 100, c: 100 });
  });

  it('gives those who stay their share when somebody goes with a debt', () => {
    const world = new World('a b c', { slowStart: { ms: 0 } });
    world.at('a').departed(500);
    world.fleet.update([{ address: 'b' }, { address: 'c' }]);
    expect(world.share(100)).toEqual({ b: 50, c: 50 });
    world.fleet.update([{ address: 'b' }, { address: 'c' }, { address: 'd' }]);
    expect(world.share(300)).toEqual({ b: 100, c: 100, d: 100 });
  });
});

describe('weighted_round_robin', () => {
  const weighted = (table: string) => new World(table, { policy: 'weighted_round_robin' });

  it('is smooth: who weighs five of seven does not get five in a row', () => expect(order(weighted('a*5 b c'), 14)).toBe('aabacaaaabacaa'));

  it('shares calls by weight: ideal 1/6, 2/6, 3/6', () => expect(weighted('a b*2 c*3').share(600)).toEqual({ a: 100, b: 200, c: 300 }));

  it('shares items of batches by weight: ideal 10 %, 20 %, 70 %, within 5 %', () => {
    const random = seeded(3);
    const got = weighted('a*1 b*2 c*7').share(3_000, { items: () => 1 + Math.floor(random() * 500) });
    const all = Object.values(got).reduce((sum, each) => sum + each);
    const ideal: Record<string, number> = { a: 0.1, b: 0.2, c: 0.7 };
    for (const [address, each] of Object.entries(got)) expect(Math.abs(each / all / ideal[address]! - 1)).toBeLessThan(0.05);
  });

  it('goes by a new weight as soon as the table has it', () => {
    const world = weighted('a b');
    world.share(100);
    world.fleet.update([{ address: 'a' }, { address: 'b', weight: 3 }]);
    expect(world.share(400)).toEqual({ a: 100, b: 300 });
  });

  it.each([0, -1, NaN, Infinity])('takes a weight of %d for 1', (weight) => {
    const world = weighted('a');
    world.fleet.update([{ address: 'a' }, { address: 'b', weight }]);
    world.now += 10_000;
    expect(world.share(100)).toEqual({ a: 50, b: 50 });
  });
});
