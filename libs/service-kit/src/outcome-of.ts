import { ProblemError } from '@facet/errors';

/** outcomeOf: what a check of one item of a batch comes to: its value, or the ProblemError that it threw. Every other error is thrown on. */
export function outcomeOf<T>(check: () => T): T | ProblemError {
  try {
    return check();
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
}
