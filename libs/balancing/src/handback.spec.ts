import { beforeEach, describe, expect, it } from 'vitest';
import { Handback } from './handback.js';

let now: number;
let drawn: number;
let handback: Handback;

beforeEach(() => {
  now = 5_000;
  drawn = 0.999;
  handback = new Handback({ now: () => now, random: () => drawn });
});

/** The primary's share of the calls just now, to a thousandth. */
function share(): number {
  let share = 0;
  for (drawn = 0; drawn < 1; drawn += 0.001) if (handback.choose(true) === 'primary') share += 0.001;
  return share;
}

describe('a primary that is usable', () => {
  it('has all calls from the start', () => expect(handback.choose(true)).toBe('primary'));

  it('has none from the moment on that it is not', () => {
    expect(handback.choose(false)).toBe('backup');
    now += 60_000;
    expect(handback.choose(false)).toBe('backup');
  });
});

describe('a primary that is usable again', () => {
  beforeEach(() => {
    handback.choose(false);
    now += 60_000;
  });

  it.each([
    [0, 0.1],
    [2_500, 0.325],
    [5_000, 0.55],
    [9_990, 0.999],
    [10_000, 1],
    [60_000, 1],
  ])('has after %i ms this share of the calls: %d', (ms, ideal) => {
    handback.choose(true);
    now += ms;
    expect(share()).toBeCloseTo(ideal, 2);
  });

  it('loses all calls at once where it fails once more, and begins anew', () => {
    handback.choose(true);
    now += 9_000;
    expect(handback.choose(false)).toBe('backup');
    now += 9_000;
    expect(share()).toBeCloseTo(0.1, 2);
    now += 5_000;
    expect(share()).toBeCloseTo(0.55, 2);
  });

  it('has all calls for good once it has got them back', () => {
    handback.choose(true);
    now += 10_000;
    handback.choose(true);
    now -= 10_000;
    expect(share()).toBeCloseTo(1, 2);
  });

  it('gets them back in the time and from the share that was told', () => {
    handback = new Handback({ rampMs: 1_000, firstShare: 0.5, now: () => now, random: () => drawn });
    handback.choose(false);
    expect(share()).toBeCloseTo(0.5, 2);
    now += 500;
    expect(share()).toBeCloseTo(0.75, 2);
  });

  it('has them all at once where no time was told', () => {
    handback = new Handback({ rampMs: 0 });
    expect([handback.choose(false), handback.choose(true)]).toEqual(['backup', 'primary']);
  });
});
