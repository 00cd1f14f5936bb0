import { describe, expect, it } from 'vitest';
import type { BalancingPolicy } from '../src/options.js';
import { p99, simulate, type Plan, type Seen } from './simulation.fixtures.js';

const plan: Omit<Plan, 'policy'> = {
  options: { outlier: false },
  serviceMs: { a: 100, b: 10, c: 10 },
  workers: 4,
  callsPerSecond: 110,
  seconds: 60,
};
const byPolicy = (policy: BalancingPolicy, differs: Partial<Plan> = {}) => simulate({ ...plan, policy, ...differs });
const partOf = (address: string, seen: readonly Seen[]) => seen.filter((each) => each.address === address).length / seen.length;
const between = (seen: readonly Seen[], from: number, to: number) => seen.filter(({ second }) => second >= from && second < to);

describe('with one instance of three ten times slower', () => {
  it.each([
    ['near what the slow one can do', 110],
    ['at twice of it', 240],
    ['at three times of it', 360],
  ])('%s, the p99 of least_request and of dynamic is at most half of that of round_robin', (_, callsPerSecond) => {
    const turns = byPolicy('round_robin', { callsPerSecond });
    expect(partOf('a', turns)).toBeCloseTo(1 / 3, 2);
    for (const policy of ['least_request', 'dynamic'] as const)
      expect(p99(byPolicy(policy, { callsPerSecond }))).toBeLessThan(p99(turns) / 2);
  });

  it('the p99 of dynamic is so where nothing ever waits in line, too: it hardly asks the slow one', () => {
    const seen = byPolicy('dynamic', { workers: 1_000 });
    expect(p99(seen)).toBeLessThan(p99(byPolicy('round_robin', { workers: 1_000 })) / 2);
    expect(partOf('a', seen)).toBeLessThan(0.01);
  });
});

describe('when an instance becomes slow', () => {
  const slowFrom20 = { a: (second: number) => (second < 20 ? 10 : 100), b: 10, c: 10 };
  const before = (seen: readonly Seen[]) => p99(between(seen, 10, 20));

  it.each(['round_robin', 'ip_hash', 'least_request', 'dynamic'] as const)('the p99 of %s is back within 10 s', (policy) => {
    const seen = byPolicy(policy, { serviceMs: slowFrom20, options: {}, workers: 1_000 });
    expect(p99(between(seen, 20, 24))).toBeGreaterThan(before(seen) * (policy === 'dynamic' ? 0 : 2));
    expect(p99(between(seen, 30, 50))).toBeLessThan(before(seen) * 1.5);
  });

  it('hardly anybody meets it again when it is tried once more: at most 2 % of the calls of three minutes', () => {
    const seen = byPolicy('round_robin', { serviceMs: slowFrom20, options: {}, workers: 1_000, seconds: 210 });
    expect(partOf('a', between(seen, 30, 210))).toBeLessThan(0.02);
  });

  it('dynamic is back within a second by itself, and asks it again once it is well', () => {
    const serviceMs = { ...slowFrom20, a: (second: number) => (second >= 20 && second < 30 ? 100 : 10) };
    const seen = byPolicy('dynamic', { serviceMs, seconds: 90 });
    expect(p99(between(seen, 21, 30))).toBeLessThan(before(seen) * 1.5);
    expect(partOf('a', between(seen, 21, 30))).toBeLessThan(0.05);
    expect(partOf('a', between(seen, 60, 90))).toBeGreaterThan(0.2);
  });
});
