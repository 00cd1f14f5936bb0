import { describe, expect, it } from 'vitest';
import { Bulkhead } from './bulkhead.js';

describe('a bulkhead', () => {
  it('lets so many calls wait, and one more for each that has left', () => {
    const bulkhead = new Bulkhead({ rpcs: 1, waiting: 2 });
    expect([bulkhead.enter(), bulkhead.enter(), bulkhead.enter(), bulkhead.enter()]).toEqual([true, true, false, false]);
    expect(bulkhead.waiting).toBe(2);
    bulkhead.leave();
    expect(bulkhead.waiting).toBe(1);
    expect([bulkhead.enter(), bulkhead.enter()]).toEqual([true, false]);
  });

  it('lets so many RPCs on the wire, and one more for each that has landed', () => {
    const bulkhead = new Bulkhead({ rpcs: 2, waiting: 1 });
    expect([bulkhead.depart(), bulkhead.depart(), bulkhead.depart(), bulkhead.depart()]).toEqual([true, true, false, false]);
    expect(bulkhead.rpcs).toBe(2);
    bulkhead.land();
    expect(bulkhead.rpcs).toBe(1);
    expect([bulkhead.depart(), bulkhead.depart()]).toEqual([true, false]);
  });

  it('counts waiting calls and RPCs apart', () => {
    const bulkhead = new Bulkhead({ rpcs: 1, waiting: 1 });
    bulkhead.enter();
    expect(bulkhead.rpcs).toBe(0);
    expect(bulkhead.depart()).toBe(true);
    bulkhead.leave();
    expect([bulkhead.waiting, bulkhead.rpcs]).toEqual([0, 1]);
    expect(bulkhead.enter()).toBe(true);
    bulkhead.land();
    expect([bulkhead.waiting, bulkhead.rpcs]).toEqual([1, 0]);
  });

  it('holds 500 RPCs and 10,000 calls unless told otherwise', () => {
    const bulkhead = new Bulkhead();
    const admitted = (ask: () => boolean) => Array.from({ length: 10_001 }, ask).filter(Boolean).length;
    expect(admitted(() => bulkhead.depart())).toBe(500);
    expect(admitted(() => bulkhead.enter())).toBe(10_000);
  });
});
