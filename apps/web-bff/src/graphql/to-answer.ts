import type { RequestContext } from '@facet/context';
import { Answer } from '@facet/edge';
import { problems, type ProblemError } from '@facet/errors';
import type { Outcome } from './carry-out.js';
import type { MediaType } from './negotiate.js';
import { noteDegradation, problemOf, publicError, type Telling } from './public-error.js';

// One service that is away can leave a hole in each of thousands of rows.
const mostErrors = 100;

/** Writes an outcome as an answer of HTTP, and tells `report` of each problem in it. */
export function toAnswer(
  { data, errors }: Outcome,
  mediaType: MediaType,
  context: RequestContext,
  report: (problem: ProblemError) => void,
  telling: Telling = { development: false },
): Answer<string> {
  const faults = errors.map((error) => ({ error, problem: problemOf(error) }));
  for (const { problem } of faults) {
    noteDegradation(problem, context);
    report(problem);
  }
  const body: Record<string, unknown> = {};
  if (faults.length > 0)
    body.errors = faults.slice(0, mostErrors).map(({ error, problem }) => publicError(error, problem, context, telling));
  if (data !== undefined) body.data = data;
  const extensions = extensionsOf(context.degraded(), faults.length);
  if (extensions) body.extensions = extensions;
  const failure = data ? undefined : faults[0]?.problem;
  return new Answer(JSON.stringify(body), {
    status: statusOf(failure, mediaType),
    headers: {
      'content-type': `${mediaType}; charset=utf-8`,
      'cache-control': faults.length > 0 || extensions ? 'no-store' : 'private, no-cache',
      vary: 'accept, cookie',
      ...retryAfter(failure),
    },
  });
}

function extensionsOf(degraded: readonly string[], faults: number): object | undefined {
  if (degraded.length === 0 && faults <= mostErrors) return undefined;
  return { ...(degraded.length > 0 && { degraded }), ...(faults > mostErrors && { errorsLeftOut: faults - mostErrors }) };
}

/** Without data it is a real failure; a client of the old media type can read a body only under 200 (GraphQL over HTTP, appendix A). */
function statusOf(failure: ProblemError | undefined, mediaType: MediaType): number {
  return failure && mediaType === 'application/graphql-response+json' ? problems[failure.code].status : 200;
}

function retryAfter(failure: ProblemError | undefined): Record<string, string> {
  return failure?.retryAfterSeconds === undefined ? {} : { 'retry-after': String(failure.retryAfterSeconds) };
}
