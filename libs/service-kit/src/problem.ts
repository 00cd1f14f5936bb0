import { codeOfHttpStatus, ProblemError, problems, type Explanation, type FieldError, type ProblemCode } from '@facet/errors';
import { ZodError } from 'zod';
import { fieldErrors } from './validate.js';

/** ProblemBody: what an error looks like outside (RFC 9457). */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly requestId: string;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** In development: the rule that refused, and why. */
  readonly rule?: string;
  readonly because?: string;
}

/**
 * problemBody: the public body of an error, its extension members included: no text about what happened where the status is 5xx. In development a refusal
 * explains itself.
 */
export function problemBody(problem: ProblemError, requestId: string, { development = false } = {}): ProblemBody {
  const { title, status } = problems[problem.code];
  const { code, detail, errors } = problem;
  return {
    type: `/errors/${code}`,
    title,
    status,
    ...(problem.exposed && detail ? { detail } : {}),
    code,
    requestId,
    ...(problem.exposed && errors?.length ? { errors } : {}),
    ...problem.extensions,
    ...(development && explanationOf(problem)),
  };
}

/** explanationOf: the rule that refused, and why; nothing where none did. */
export function explanationOf({ explanation }: ProblemError): Explanation | undefined {
  return explanation && { rule: explanation.rule, because: explanation.because };
}

/** toProblem: the one mapping of whatever was thrown to a ProblemError. What is not known is `internal-error`, with the error as its cause. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof ZodError) return new ProblemError('validation-failed', { errors: fieldErrors(error.issues), cause: error });
  const status = statusOf(error);
  if (status === undefined || status < 400 || status >= 500) return new ProblemError('internal-error', { cause: error });
  return new ProblemError(codeOfHttpStatus(status), { detail: detailByCode[frameworkCode(error) ?? ''], cause: error });
}

const detailByCode: Readonly<Record<string, string>> = {
  FST_ERR_BAD_URL: 'The path cannot be decoded.',
  FST_ERR_MAX_PARAM_LENGTH: 'A part of the path is too long.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'A body may have 1 MiB.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'Send application/json.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as its content-length says.',
};

/** Nest's HttpException and Fastify's errors both say their status, in their own ways. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('getStatus' in error && typeof error.getStatus === 'function') return Number(error.getStatus());
  return 'statusCode' in error && error.name === 'FastifyError' ? Number(error.statusCode) : undefined;
}

function frameworkCode(error: unknown): string | undefined {
  const source = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return source instanceof Error && 'code' in source ? String(source.code) : undefined;
}
