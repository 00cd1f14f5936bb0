import { describe, expect, it } from 'vitest';
import { quantile, risePercent, slopeOf, tally } from './arithmetic.js';

describe('the line through points', () => {
  it('is as steep as they are', () => {
    expect(
      slopeOf([
        [0, 1],
        [1, 3],
        [2, 5],
      ]),
    ).toBe(2);
    expect(
      slopeOf([
        [0, 7],
        [5, 7],
        [9, 7],
      ]),
    ).toBe(0);
  });

  it('has the least squares where they lie on none', () => {
    expect(
      slopeOf([
        [0, 0],
        [1, 3],
        [2, 0],
        [3, 3],
      ]),
    ).toBeCloseTo(0.6);
  });

  it('takes two points that are not above one another', () => {
    expect(() => slopeOf([[0, 1]])).toThrow(RangeError);
    expect(() =>
      slopeOf([
        [1, 1],
        [1, 2],
      ]),
    ).toThrow(RangeError);
  });

  it('rises in percent of the mean, from the first to the last', () => {
    expect(risePercent([90, 100, 110])).toBeCloseTo(20);
    expect(risePercent([110, 100, 90])).toBeCloseTo(-20);
    expect(risePercent([100, 104, 96, 100])).toBeCloseTo(-2.4);
  });
});

it('a quantile is a value that is there', () => {
  expect(quantile([5, 1, 3, 2, 4], 0.5)).toBe(3);
  expect(quantile([5, 1, 3, 2, 4], 0.99)).toBe(5);
  expect(quantile([5, 1, 3, 2, 4], 0)).toBe(1);
  expect(quantile([], 0.5)).toBe(0);
});

it('a tally counts, the most frequent first', () => {
  expect(tally(['ok', 'late', 'ok'])).toBe('2 × ok, 1 × late');
  expect(tally([])).toBe('');
});
