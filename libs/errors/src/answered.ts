import { DownstreamError } from './problem-error.js';

/** answered: the part of a service's answer that its contract says is always set. Where it is not, the answer is of no use: DownstreamError `invalid`. */
export function answered<Part>(part: Part | undefined, dependency: string): Part {
  if (part === undefined)
    throw new DownstreamError(dependency, 'invalid', { cause: new Error(`${dependency} left out a part that is always set`) });
  return part;
}
