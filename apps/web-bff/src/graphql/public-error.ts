import type { RequestContext } from '@facet/context';
import { DownstreamError, isProblemCode, ProblemError, problems } from '@facet/errors';
import { explanationOf, toProblem } from '@facet/edge';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';

/** What went wrong, in our vocabulary. Where graphql-js found a service's answer unfit for the schema, the fault is ours. */
export function problemOf({ originalError, extensions, message, path }: GraphQLError): ProblemError {
  if (originalError) return toProblem(originalError);
  const code = extensions.code as string | undefined;
  if (isProblemCode(code)) return new ProblemError(code, { detail: message });
  return new ProblemError('internal-error', { cause: new Error(`${message} at ${path?.join('.')}`) });
}

/** How much an error tells: in development a refusal explains itself. */
export interface Telling {
  readonly development: boolean;
}

/** What a client may know of it: no text of a failure of ours. */
export function publicError(
  error: GraphQLError,
  problem: ProblemError,
  { requestId }: RequestContext,
  { development }: Telling,
): GraphQLFormattedError {
  const { locations, path } = error;
  const message = problem.exposed ? problem.message : problems[problem.code].title;
  const errors = problem.exposed && problem.errors?.length ? { errors: problem.errors } : {};
  return {
    message,
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: { code: problem.code, requestId, ...errors, ...(development && explanationOf(problem)) },
  };
}

/** Notes the service that a failed field had to do without. */
export function noteDegradation(problem: ProblemError, context: RequestContext): void {
  if (problem instanceof DownstreamError) context.degrade(problem);
}
