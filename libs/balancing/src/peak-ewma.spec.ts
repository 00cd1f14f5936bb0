import { describe, expect, it } from 'vitest';
import { PeakEwma } from './peak-ewma.js';

const decayMs = 10_000;

describe('a peak EWMA', () => {
  it('has nothing to say before anything has landed', () => {
    const ewma = new PeakEwma(decayMs);
    expect([ewma.measured, ewma.at(5)]).toEqual([false, 0]);
    ewma.succeeded(0.5, 5);
    expect([ewma.measured, ewma.at(5)]).toEqual([true, 0.5]);
  });

  it('believes a rise at once', () => {
    const ewma = new PeakEwma(decayMs);
    ewma.succeeded(10, 0);
    ewma.succeeded(300, 1);
    expect(ewma.at(1)).toBe(300);
  });

  it('believes a fall as far as time has passed', () => {
    const ewma = new PeakEwma(decayMs);
    ewma.succeeded(300, 0);
    ewma.succeeded(10, 0);
    expect(ewma.at(0)).toBe(300);
    ewma.succeeded(10, decayMs);
    expect(ewma.at(decayMs)).toBeCloseTo(10 + 290 / Math.E, 6);
  });

  it('fades without news: e times less after its time', () => {
    const ewma = new PeakEwma(decayMs);
    ewma.succeeded(300, 0);
    expect(ewma.at(decayMs)).toBeCloseTo(300 / Math.E, 6);
  });

  it('does not grow where the clock was set back', () => {
    const ewma = new PeakEwma(decayMs);
    ewma.succeeded(300, 1_000);
    expect(ewma.at(0)).toBe(300);
  });

  it('takes a failure for twice as slow as before, up to a second, however fast it was', () => {
    const ewma = new PeakEwma(decayMs);
    const costs = Array.from({ length: 8 }, () => {
      ewma.failed(0.1, 0);
      return ewma.at(0);
    });
    expect(costs).toEqual([20, 40, 80, 160, 320, 640, 1_000, 1_000]);
  });

  it('takes a failure that lasted longer for as long as it lasted', () => {
    const ewma = new PeakEwma(decayMs);
    ewma.failed(5_000, 0);
    expect(ewma.at(0)).toBe(5_000);
    ewma.failed(1, 0);
    expect(ewma.at(0)).toBe(5_000);
  });
});
