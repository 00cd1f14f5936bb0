import type { RequestContext } from '@facet/context';
import { Gathering, type MissingPart } from './gathering.js';
import type { AnyPart, ValueOf } from './parts.js';

/** Parts: the parts of one answer by name; `degraded` is taken. */
export type Parts = Readonly<Record<string, AnyPart>> & { readonly degraded?: never };

/** Gathered: the value of each part, undefined where an optional one is missing, and which are missing or old, and why. */
export type Gathered<P extends Parts> = {
  readonly [Name in keyof P as Name extends 'degraded' ? never : Name]: P[Name] extends AnyPart ? ValueOf<P[Name]> : never;
} & { readonly degraded: readonly MissingPart[] };

/**
 * gather: asks for all parts at once, but for those that wait for others (`after`), and waits for all of them. Where a required part fails,
 * or any part for another reason than a dependency without an answer, the rest is ended and that failure is thrown; of several, the first.
 * Parts that are missing or old are listed in `degraded`, and their dependencies noted in the context for the whole request. How the answer
 * may be kept is noted there as well. Only a stale part is content with an old answer, whatever context the gather itself is asked in.
 */
export async function gather<const P extends Parts>(context: RequestContext, parts: P): Promise<Gathered<P>> {
  const rest = context.ending.child();
  const gathering = new Gathering(context.withoutStale().endedBy(rest), parts);
  try {
    return (await gathering.all()) as Gathered<P>;
  } catch (error) {
    rest.end(error);
    throw error;
  } finally {
    rest.detach();
  }
}
