import { ProblemError } from '@facet/errors';
import type { CallScope } from './call-scope.js';
import { problemOf } from './rpc-status.js';

/** late: what an item comes to that has no result when its batch is answered. */
export const late = new ProblemError('deadline-exceeded');

/**
 * awaitItems: what a handler made of so many items, by position: a response or an Error. Where the client wants what there is by the deadline (`inPart`),
 * items without a result are `late` then; else the whole ends as the call does.
 */
export function awaitItems(work: Promise<unknown>, count: number, scope: CallScope): Promise<readonly unknown[]> {
  return new Promise((resolve, reject) => {
    const results = new Array<unknown>(count).fill(late);
    const fail = (error: unknown) => (scope.inPart && isLate(error) ? resolve([...results]) : reject(error));
    scope.ending.add({ end: fail });
    work.then((given) => collect(given, results, () => resolve(results))).catch(fail);
  });
}

/** Puts results into their places; says when all are there. */
function collect(given: unknown, results: unknown[], done: () => void): void {
  if (!Array.isArray(given) || given.length !== results.length)
    throw new Error('A handler answered a batch with another number of results');
  let missing = given.length;
  const put = (at: number, result: unknown) => {
    results[at] = result;
    missing -= 1;
    if (missing === 0) done();
  };
  for (const [at, result] of given.entries()) {
    if (result instanceof Promise)
      result.then(
        (settled: unknown) => put(at, settled),
        (error: unknown) => put(at, problemOf(error)),
      );
    else put(at, result);
  }
}

function isLate(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'deadline-exceeded';
}
