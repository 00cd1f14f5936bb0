import { describe, expect, it } from 'vitest';
import { readRate, readSize, readTime, readTimeWithJitter } from './quantities.js';

describe('quantities as they are typed', () => {
  it.each([
    ['800ms', 800],
    ['1.5s', 1_500],
    ['2m', 120_000],
  ])('%s are %d ms', (text, ms) => expect(readTime(text)).toBe(ms));

  it.each(['200ms±50ms', '200ms+-50ms'])('%s may be more or less', (text) =>
    expect(readTimeWithJitter(text)).toEqual({ ms: 200, jitterMs: 50 }),
  );

  it.each([
    ['100B', 100],
    ['4kB', 4_000],
    ['1.5MB', 1_500_000],
  ])('%s are %d bytes', (text, bytes) => expect(readSize(text)).toBe(bytes));

  it('a rate is a size a second', () => expect(readRate('10kB/s')).toBe(10_000));

  it.each([
    [() => readTime('800'), '"800" is no time: 800ms, 1.5s.'],
    [() => readTime(undefined), 'A time is missing: 800ms, 1.5s.'],
    [() => readTimeWithJitter('1ms±1ms±1ms'), '"1ms±1ms±1ms" is no time: 200ms±50ms.'],
    [() => readTimeWithJitter('±50ms'), '"±50ms" is no time'],
    [() => readSize('4 kB'), '"4 kB" is no size: 100B, 4kB, 1MB.'],
    [() => readRate('10kB'), '"10kB" is no bandwidth: 10kB/s.'],
    [() => readRate('0B/s'), '"0B/s" is no bandwidth'],
  ])('what is none is told with an example: %#', (read, told) => expect(read).toThrow(told));
});
