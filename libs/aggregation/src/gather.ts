import type { RequestContext } from '@facet/context';
import { DownstreamError, type Degradation } from '@facet/errors';
import type { OptionalPart, RequiredPart } from './parts.js';

/** Parts: the parts of one answer by name; `degraded` is taken. */
export type Parts = Readonly<Record<string, RequiredPart<unknown> | OptionalPart<unknown>>> & { readonly degraded?: never };

/** Gathered: the value of each part, undefined where an optional one is missing, and what the request had to do without. */
export type Gathered<P extends Parts> = {
  readonly [Name in keyof P as Name extends 'degraded' ? never : Name]: P[Name] extends RequiredPart<infer T>
    ? T
    : P[Name] extends OptionalPart<infer T>
      ? T | undefined
      : never;
} & { readonly degraded: readonly Degradation[] };

/**
 * gather: asks for all parts at once and waits for all of them. Where a required part fails, or any part fails for another reason than a dependency
 * without an answer, the rest is aborted and that failure is thrown. What was missing is noted in the context and listed in `degraded`, together with
 * what earlier calls of the same request had to do without.
 */
export async function gather<const P extends Parts>(context: RequestContext, parts: P): Promise<Gathered<P>> {
  const rest = context.ending.child();
  const within = context.endedBy(rest);
  const gathered: Record<string, unknown> = {};
  try {
    await Promise.all(
      Object.entries(parts).map(async ([name, part]) => (gathered[name] = await valueOf(part as OptionalPart<unknown>, within))),
    );
  } catch (error) {
    rest.end(error);
    throw error;
  } finally {
    rest.detach();
  }
  gathered['degraded'] = [...context.degradations];
  return gathered as Gathered<P>;
}

async function valueOf({ kind, ask }: RequiredPart<unknown> | OptionalPart<unknown>, within: RequestContext): Promise<unknown> {
  try {
    return await ask(within);
  } catch (error) {
    if (kind === 'required' || !(error instanceof DownstreamError)) throw error;
    within.degrade({ dependency: error.dependency, reason: error.reason });
    return undefined;
  }
}
