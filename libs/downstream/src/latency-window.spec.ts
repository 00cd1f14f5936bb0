import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatencyWindow } from './latency-window.js';

const record = (window: LatencyWindow, durations: readonly number[]) => durations.forEach((ms) => window.record(ms));
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const nearestRank = (durations: readonly number[]) => [...durations].sort((a, b) => a - b)[Math.ceil(durations.length * 0.95) - 1];

describe('the 95th percentile of a window', () => {
  it('is the initial value until 16 durations are known', () => {
    const window = new LatencyWindow(128, 40);
    record(window, upTo(15));
    expect(window.p95Ms).toBe(40);
    window.record(16);
    expect(window.p95Ms).toBe(16);
  });

  it('is 100 ms at first unless told otherwise', () => expect(new LatencyWindow().p95Ms).toBe(100));

  it('is worked out every 16 durations and stays in between', () => {
    const window = new LatencyWindow();
    record(window, Array(16).fill(5));
    record(window, Array(15).fill(900));
    expect(window.p95Ms).toBe(5);
    window.record(900);
    expect(window.p95Ms).toBe(900);
  });

  it('leaves out the slowest twentieth, in whatever order they came', () => {
    const window = new LatencyWindow(80);
    record(window, upTo(80).reverse());
    expect(window.p95Ms).toBe(76);
  });

  it('orders durations as numbers', () => {
    const window = new LatencyWindow(16);
    record(window, [...Array(8).fill(9), ...Array(8).fill(1_000)]);
    expect(window.p95Ms).toBe(1_000);
  });

  it('forgets durations older than its size', () => {
    const window = new LatencyWindow(32);
    record(window, Array(32).fill(1_000));
    record(window, Array(32).fill(1));
    expect(window.p95Ms).toBe(1);
  });

  it('holds 128 durations unless told otherwise', () => {
    const window = new LatencyWindow();
    record(window, Array(16).fill(1_000));
    record(window, Array(112).fill(1));
    expect(window.p95Ms).toBe(1_000);
    record(window, Array(16).fill(1));
    expect(window.p95Ms).toBe(1);
  });

  it('is the nearest rank of the last durations, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 70 }),
        fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 16, maxLength: 300 }),
        (size, all) => {
          const window = new LatencyWindow(size);
          record(window, all);
          const looked = all.slice(0, all.length - (all.length % 16));
          expect(window.p95Ms).toBe(nearestRank(looked.slice(-size)));
        },
      ),
    );
  });
});
