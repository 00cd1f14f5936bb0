import { Ending, RequestContext } from '@facet/context';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { holdTime, callerNamed } from '../test/held-channel.fixtures.js';
import { Call } from './call.js';
import { formBatches, oldestOf, type BatchBounds } from './form-batches.js';

holdTime();

interface Shape {
  /** How long each of those who wait for it will. */
  readonly waits: readonly number[];
  readonly bytes?: number;
  readonly token?: string;
}

function callOf({ waits, bytes = 0, token = '' }: Shape): Call {
  const call = new Call({ dependency: 'presence', token, bytes: Buffer.alloc(bytes), key: '', onEnd: () => undefined });
  for (const ms of waits) {
    const deadline = Date.now() + ms;
    const context = new RequestContext({ caller: callerNamed('1'), deadline, ending: new Ending(), requestId: '' });
    call.join(context, deadline).catch(() => undefined);
  }
  return call;
}

const waiting = (...waits: number[]) => waits.map((ms) => callOf({ waits: [ms] }));
const bounds = (some: Partial<BatchBounds> = {}): BatchBounds => ({ mostItems: 500, mostBytes: 1e6, bytesPerAnswer: () => 1, ...some });
const sizesOf = (calls: readonly Call[], some?: Partial<BatchBounds>) => formBatches(calls, bounds(some), Date.now()).map((b) => b.length);
const remaining = (call: Call) => call.nextDeadline - Date.now();

describe('a batch', () => {
  it('is none where nobody asks, and holds whoever asks alone whatever he asks', () => {
    expect(formBatches([], bounds(), Date.now())).toEqual([]);
    const [alone] = [callOf({ waits: [1], bytes: 5_000 })];
    expect(formBatches([alone], bounds({ mostBytes: 1_024, bytesPerAnswer: () => 1e9 }), Date.now())).toEqual([[alone]]);
  });

  it('holds remaining times up to twice the most urgent one, and not a millisecond more', () => {
    expect(sizesOf(waiting(100, 150, 200))).toEqual([3]);
    expect(sizesOf(waiting(100, 150, 201))).toEqual([2, 1]);
  });

  it('is measured by its most urgent, not by its neighbours', () => {
    expect(formBatches(waiting(100, 190, 210, 380, 400, 500), bounds(), Date.now()).map((batch) => batch.map(remaining))).toEqual([
      [100, 190],
      [210, 380, 400],
      [500],
    ]);
  });

  it('groups calls whatever order they come in', () => {
    const batches = formBatches(waiting(900, 100, 500, 150, 1_000, 200), bounds(), Date.now());
    expect(batches.map((batch) => batch.map(remaining))).toEqual([
      [100, 150, 200],
      [500, 900, 1_000],
    ]);
  });

  it('goes by the least patient who waits for a call, so that nobody is answered early for the sake of another batch', () => {
    const both = callOf({ waits: [5_000, 100] });
    const batches = formBatches([both, ...waiting(5_000, 120)], bounds(), Date.now());
    expect(batches.map((batch) => batch.map(remaining))).toEqual([[100, 120], [5_000]]);
  });

  it.each([
    [1, [1, 1, 1, 1, 1]],
    [2, [2, 2, 1]],
    [5, [5]],
  ])('holds at most %i items where so many are allowed', (mostItems, sizes) => {
    expect(sizesOf(waiting(100, 100, 100, 100, 100), { mostItems })).toEqual(sizes);
  });

  it('that is full is followed by one that holds the same times', () => {
    expect(sizesOf(waiting(100, 150, 199, 200, 201), { mostItems: 3 })).toEqual([3, 1, 1]);
  });

  it('holds requests up to its bytes, each with its token and 16 bytes of framing', () => {
    const calls = Array.from({ length: 10 }, () => callOf({ waits: [100], bytes: 64, token: 'a'.repeat(20) }));
    expect(sizesOf(calls, { mostBytes: 1_000 })).toEqual([10]);
    expect(sizesOf(calls, { mostBytes: 999 })).toEqual([9, 1]);
    expect(sizesOf(calls, { mostBytes: 100 })).toEqual(Array(10).fill(1));
    expect(sizesOf(calls, { mostBytes: 99 })).toEqual(Array(10).fill(1));
  });

  it('counts the bytes of each batch anew', () => {
    const calls = Array.from({ length: 6 }, () => callOf({ waits: [100], bytes: 84 }));
    expect(sizesOf(calls, { mostBytes: 200 })).toEqual([2, 2, 2]);
  });

  it('holds as many items as have room for their answers, by what one was seen to weigh', () => {
    const calls = waiting(100, 100, 100, 100, 100);
    expect(sizesOf(calls, { mostBytes: 1_000, bytesPerAnswer: () => 500 })).toEqual([2, 2, 1]);
    expect(sizesOf(calls, { mostBytes: 1_000, bytesPerAnswer: () => 501 })).toEqual([1, 1, 1, 1, 1]);
    expect(sizesOf(calls, { mostBytes: 1_000, bytesPerAnswer: () => 5_000 })).toEqual([1, 1, 1, 1, 1]);
    expect(sizesOf(calls, { mostBytes: 1_000, bytesPerAnswer: () => 0 })).toEqual([5]);
  });
});

describe('of several batches', () => {
  it('the one of who has waited longest is first, however urgent the others are', () => {
    const [patient] = waiting(5_000);
    vi.advanceTimersByTime(10);
    const [late] = waiting(9_000);
    vi.advanceTimersByTime(10);
    const urgent = waiting(100, 120);
    expect(oldestOf([...urgent, patient!])).toBe(patient!.since);
    expect(formBatches([...urgent, late!, patient!], bounds(), Date.now())).toEqual([[patient, late], urgent]);
  });

  it('the most urgent is first where nobody has waited longer', () => {
    expect(formBatches(waiting(5_000, 100, 1_000), bounds(), Date.now()).map(([first]) => remaining(first!))).toEqual([100, 1_000, 5_000]);
  });
});

it('every call is in one batch, and every batch keeps its bounds', () => {
  const shape = fc.record({
    waits: fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 3 }),
    bytes: fc.nat(300),
    token: fc.string({ maxLength: 20 }),
  });
  const someBounds = fc.record({
    mostItems: fc.integer({ min: 1, max: 20 }),
    mostBytes: fc.integer({ min: 100, max: 2_000 }),
    weight: fc.nat(300),
  });
  fc.assert(
    fc.property(fc.array(shape, { maxLength: 40 }), someBounds, (shapes, { mostItems, mostBytes, weight }) => {
      const calls = shapes.map(callOf);
      const batches = formBatches(calls, bounds({ mostItems, mostBytes, bytesPerAnswer: () => weight }), Date.now());
      expect(new Set(batches.flat())).toEqual(new Set(calls));
      expect(batches.flat()).toHaveLength(calls.length);
      for (const batch of batches) {
        const times = batch.map(remaining);
        expect(Math.max(...times)).toBeLessThanOrEqual(2 * Math.min(...times));
        expect(batch.length).toBeLessThanOrEqual(mostItems);
        if (batch.length === 1) continue;
        expect(batch.length * weight).toBeLessThanOrEqual(mostBytes);
        expect(batch.reduce((sum, { bytes, token }) => sum + bytes.length + token.length + 16, 0)).toBeLessThanOrEqual(mostBytes);
      }
    }),
  );
});
