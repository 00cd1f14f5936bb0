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
