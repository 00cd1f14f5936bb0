import { afterEach, expect, it, vi } from 'vitest';
import { ExpiringCache } from './expiring-cache.js';

afterEach(() => vi.useRealTimers());

it('forgets a value when its time is over', () => {
  vi.useFakeTimers({ now: 1_000 });
  const cache = new ExpiringCache<string>(10);
  cache.set('a', 'A', 2_000);
  expect(cache.get('a')).toBe('A');
  vi.setSystemTime(2_000);
  expect(cache.get('a')).toBeUndefined();
  expect(cache.size).toBe(0);
});

it('never keeps more than its limit, and drops the longest kept', () => {
  const cache = new ExpiringCache<number>(100);
  for (let each = 0; each < 1_000; each++) cache.set(`${each}`, each, Infinity);
  expect(cache.size).toBe(100);
  expect(cache.get('899')).toBeUndefined();
  expect(cache.get('900')).toBe(900);
});
