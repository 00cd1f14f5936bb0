import { ProblemError } from '@facet/errors';

/** The engine of the state is away, or too slow. */
export function stateAway(cause: unknown): ProblemError {
  if (cause instanceof ProblemError && cause.code === 'dependency-unavailable') return cause;
  return new ProblemError('dependency-unavailable', { retryAfterSeconds: 1, cause });
}
