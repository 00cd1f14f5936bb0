import { ProblemError } from '@facet/errors';
import { expect, it, vi } from 'vitest';
import { answerAllowed, outcomeOf } from './outcome-of.js';

const problem = new ProblemError('forbidden');

it('the outcome of a check is its value or its problem; every other error is our fault, of this one item', () => {
  expect(outcomeOf(() => 7)).toBe(7);
  expect(outcomeOf(() => refuse(problem))).toBe(problem);
  expect(outcomeOf(() => refuse(new TypeError('broken')))).toMatchObject({ code: 'internal-error', cause: { message: 'broken' } });
});

it('of a batch those that are allowed are answered together, each at its place among the refused', async () => {
  const answer = vi.fn(async (allowed: readonly number[]) => allowed.map((number) => (number === 4 ? Promise.resolve('later') : 'now')));
  const answers = await answerAllowed([1, 2, 3, 4], (number) => (number % 2 ? refuse(problem) : undefined), answer);
  expect(await Promise.all(answers)).toEqual([problem, 'now', problem, 'later']);
  expect(answer.mock.calls).toEqual([[[2, 4]]]);
});

it('of a batch that is refused as a whole nobody is asked', async () => {
  const answer = vi.fn();
  expect(await answerAllowed([1, 2], () => refuse(problem), answer)).toEqual([problem, problem]);
  expect(answer).not.toHaveBeenCalled();
});

function refuse(error: Error): never {
  throw error;
}
