import { describe, expect, it } from 'vitest';
import { seeded } from '../test/world.fixtures.js';
import { LatencyHistogram } from './latency-histogram.js';

const of = (...latencies: number[]) => {
  const histogram = new LatencyHistogram();
  latencies.forEach((ms) => histogram.record(ms));
  return histogram;
};

describe('a latency histogram', () => {
  it('has no median of nothing', () => expect(of().median).toBeNaN());

  it.each([0.2, 1, 7, 50, 333, 9_000])('knows the median of latencies around %d ms to a tenth', (ms) => {
    const random = seeded(2);
    const { median } = of(...Array.from({ length: 1_001 }, () => ms * (0.5 + random())));
    expect(Math.abs(median / ms - 1)).toBeLessThan(0.1);
  });

  it('takes what is out of its range for its ends', () => {
    expect(of(0, 0, 0).median).toBeLessThanOrEqual(0.1);
    expect(of(1e9).median).toBeGreaterThan(80_000);
  });

  it('forgets half with each halving, so that the newer half decides', () => {
    const histogram = of(...Array<number>(100).fill(1));
    histogram.halve();
    expect(histogram.total).toBe(50);
    for (let more = 0; more < 60; more++) histogram.record(100);
    expect(histogram.median).toBeGreaterThan(80);
  });

  it('is the sum of others, or what is left of a sum', () => {
    const [slow, fast] = [of(100, 100), of(1, 1, 1)];
    const sum = of();
    sum.add(slow);
    sum.add(fast);
    expect([sum.total, sum.median < 2]).toEqual([5, true]);
    sum.add(fast, -1);
    expect([sum.total, sum.median > 80]).toEqual([2, true]);
  });

  it('knows nothing once it is cleared', () => {
    const histogram = of(1, 2);
    histogram.clear();
    expect([histogram.total, histogram.median]).toEqual([0, NaN]);
  });
});
