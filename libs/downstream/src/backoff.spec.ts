import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullJitterMs } from './backoff.js';

const policy = { baseMs: 20, capMs: 250 };
const almostOne = 1 - Number.EPSILON;

describe('the wait before a retry', () => {
  it.each([
    [1, 20],
    [2, 40],
    [3, 80],
    [4, 160],
    [5, 250],
    [60, 250],
  ])('after attempt %i is anything up to %i ms', (attempt, most) => {
    expect(fullJitterMs(attempt, policy, () => 0)).toBe(0);
    expect(fullJitterMs(attempt, policy, () => 0.5)).toBe(most / 2);
    expect(fullJitterMs(attempt, policy, () => almostOne)).toBeCloseTo(most);
  });

  it('is drawn anew each time', () => {
    const waits = Array.from({ length: 20 }, () => fullJitterMs(3, policy));
    expect(new Set(waits).size).toBeGreaterThan(1);
  });

  it('never exceeds the cap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), (attempt) => {
        const wait = fullJitterMs(attempt, policy);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(250);
      }),
    );
  });
});
