import { ProblemError } from '@facet/errors';
import { problemOf } from './rpc-status.js';

/** outcomeOf: what a check of one item of a batch comes to: its value, or the ProblemError of what it threw. */
export function outcomeOf<T>(check: () => T): T | ProblemError {
  try {
    return check();
  } catch (error) {
    return problemOf(error);
  }
}

/**
 * answerAllowed: the answers to a batch, by position: `answer` is asked, once, for the items that `authorize` lets through (not at all where there are none) and
 * answers them in their order; each of the others comes to the ProblemError of what `authorize` threw.
 */
export async function answerAllowed<Item, Answer>(
  items: readonly Item[],
  authorize: (item: Item) => void,
  answer: (allowed: readonly Item[]) => Promise<readonly Answer[]>,
): Promise<(Answer | ProblemError)[]> {
  const refusals = items.map((item) => outcomeOf(() => authorize(item)));
  const allowed = items.filter((_, at) => !refusals[at]);
  const answers = (allowed.length === 0 ? [] : await answer(allowed)).values();
  return refusals.map((refusal) => refusal ?? answers.next().value!);
}
