import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ItemWindow } from './item-window.js';

const countsOf = ({ items, failed }: ItemWindow) => ({ items, failed });

describe('a window of items', () => {
  it('adds up what succeeded and what failed', () => {
    const window = new ItemWindow(1_000);
    window.add(3, 1, 5_000);
    window.add(2, 4, 5_099);
    window.add(1, 0, 5_100);
    expect(countsOf(window)).toEqual({ items: 11, failed: 5 });
  });

  it('forgets a tenth after its whole time, not before', () => {
    const window = new ItemWindow(1_000);
    window.add(1, 2, 5_000);
    window.add(4, 0, 5_100);
    window.add(0, 0, 5_999);
    expect(countsOf(window)).toEqual({ items: 7, failed: 2 });
    window.add(0, 0, 6_000);
    expect(countsOf(window)).toEqual({ items: 4, failed: 0 });
    window.add(0, 0, 6_100);
    expect(countsOf(window)).toEqual({ items: 0, failed: 0 });
  });

  it('forgets everything after a long silence', () => {
    const window = new ItemWindow(1_000);
    for (let now = 0; now < 1_000; now += 100) window.add(1, 1, now);
    expect(countsOf(window)).toEqual({ items: 20, failed: 10 });
    window.add(1, 0, 7_777_777);
    expect(countsOf(window)).toEqual({ items: 1, failed: 0 });
  });

  it('is empty once cleared, and stays right after', () => {
    const window = new ItemWindow(1_000);
    for (let now = 0; now < 1_000; now += 100) window.add(2, 1, now);
    window.clear();
    expect(countsOf(window)).toEqual({ items: 0, failed: 0 });
    window.add(1, 1, 1_000);
    window.add(0, 0, 1_900);
    expect(countsOf(window)).toEqual({ items: 2, failed: 1 });
  });

  it('begins anew where the clock was set back', () => {
    const window = new ItemWindow(1_000);
    window.add(5, 5, 50_000);
    window.add(1, 0, 40_000);
    expect(countsOf(window)).toEqual({ items: 1, failed: 0 });
    window.add(1, 1, 40_900);
    expect(countsOf(window)).toEqual({ items: 3, failed: 1 });
    window.add(0, 0, 41_000);
    expect(countsOf(window)).toEqual({ items: 2, failed: 1 });
  });

  it('holds exactly the items of the last ten tenths, however they are spread', () => {
    const step = fc.record({ waits: fc.integer({ min: 0, max: 400 }), succeeded: fc.nat(9), failed: fc.nat(9) });
    fc.assert(
      fc.property(fc.nat(100_000), fc.array(step, { minLength: 1, maxLength: 80 }), (start, steps) => {
        const window = new ItemWindow(1_000);
        const past: { tick: number; succeeded: number; failed: number }[] = [];
        let now = start;
        for (const { waits, succeeded, failed } of steps) {
          now += waits;
          const tick = Math.floor(now / 100);
          window.add(succeeded, failed, now);
          past.push({ tick, succeeded, failed });
          const recent = past.filter((then) => tick - then.tick < 10);
          expect(window.failed).toBe(recent.reduce((sum, then) => sum + then.failed, 0));
          expect(window.items).toBe(recent.reduce((sum, then) => sum + then.failed + then.succeeded, 0));
        }
      }),
    );
  });
});
