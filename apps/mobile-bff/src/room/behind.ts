import { DownstreamError, ProblemError } from '@facet/errors';

/**
 * For calls about a room that rooms-service has just named: a read model that has not heard of it yet is behind, which is a missing part of the
 * screen and no missing room.
 */
export function behind(dependency: string) {
  return (error: unknown): never => {
    if (error instanceof ProblemError && error.code === 'not-found') throw new DownstreamError(dependency, 'unavailable', { cause: error });
    throw error;
  };
}
