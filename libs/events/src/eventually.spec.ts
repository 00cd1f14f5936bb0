import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { eventually } from './eventually.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

const answeringAt = (look: number) => {
  let looks = 0;
  return async () => ((looks += 1) >= look ? looks : undefined);
};
const living = (ms: number) => ({ deadline: Date.now() + ms, signal: new AbortController().signal });

test('an answer that is there is given at once', async () => {
  expect(await eventually(answeringAt(1))).toBe(1);
});

test('an answer that comes a moment later is waited for', async () => {
  expect(await eventually(answeringAt(3), living(5_000))).toBe(3);
});

test('after five looks there is no answer', async () => {
  expect(await eventually(answeringAt(6))).toBeUndefined();
});

test('who has no time for another look gets nothing at once', async () => {
  expect(await eventually(answeringAt(2), living(40))).toBeUndefined();
});

test('when nobody waits any more it is not asked again', async () => {
  expect(await eventually(answeringAt(2), { deadline: Date.now() + 5_000, signal: AbortSignal.abort() })).toBeUndefined();
});

test('a look that fails is thrown', async () => {
  await expect(eventually(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
});
