import { expect, it } from 'vitest';
import { idOf, mostCalls, randomWork, requestOf, workOf } from './work.js';

it('work survives its journey as an id', () => {
  const work = { number: 40_001, manner: 'transaction', ms: 377 } as const;
  expect(idOf(work)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(workOf(idOf(work))).toEqual(work);
});

it('work is of every manner and of 0 to 400 ms', () => {
  expect(randomWork(1, () => 0)).toEqual({ number: 1, manner: 'statement', ms: 0 });
  expect(randomWork(1, () => 0.999_999)).toEqual({ number: 1, manner: 'timer', ms: 400 });
});

it('a call knows whose it is', () => {
  expect([0, mostCalls - 1, mostCalls].map(requestOf)).toEqual([0, 0, 1]);
});
