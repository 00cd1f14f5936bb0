import { DownstreamError, ProblemError, problems, serviceFailureOf, type FieldError } from '@facet/errors';
import { Metadata } from '@grpc/grpc-js';
import type { ItemFailure } from './batch-messages.js';
import { pushbackOf, setPushback } from './rpc-metadata.js';

const codeTrailer = 'facet-code';
const errorsTrailer = 'facet-errors';
const mostFieldErrors = 20;
const none: readonly FieldError[] = [];

/** RpcStatus: how a failed RPC ends on the wire. */
export interface RpcStatus {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

/** problemOf: what a handler threw, as a ProblemError. Whatever was not thrown on purpose is an `internal-error` that says nothing. */
export function problemOf(error: unknown): ProblemError {
  return error instanceof ProblemError ? error : new ProblemError('internal-error', { cause: error });
}

/** statusOf: a problem as gRPC status: its code, its public text, and trailers with the problem code, the fields that are wrong, and when to try again. */
export function statusOf(error: ProblemError): RpcStatus {
  const { code, message, problem, errors, retryPushbackMs } = itemFailureOf(error);
  const metadata = new Metadata();
  metadata.set(codeTrailer, problem);
  if (errors.length > 0) metadata.set(errorsTrailer, asciiJson(errors));
  if (retryPushbackMs !== undefined) setPushback(metadata, retryPushbackMs);
  return { code, details: message, metadata };
}

/** itemFailureOf: the same for one item of a batch. */
export function itemFailureOf({ code: problem, exposed, message, errors, retryAfterSeconds }: ProblemError): ItemFailure {
  const { grpc, title } = problems[problem];
  return {
    code: grpc,
    message: exposed ? message : title,
    problem,
    retryPushbackMs: retryAfterSeconds === undefined ? undefined : Math.ceil(retryAfterSeconds * 1_000),
    errors: exposed && errors ? errors.slice(0, mostFieldErrors) : none,
  };
}

/** failureOf: what a failed RPC means for who made it: a DownstreamError where the service gave no usable answer, else the service's own ProblemError. */
export function failureOf(
  dependency: string,
  { code, details, metadata }: Omit<RpcStatus, 'metadata'> & { metadata?: Metadata },
  cause?: unknown,
): ProblemError {
  const problem = metadata?.get(codeTrailer)[0]?.toString() ?? '';
  const retryPushbackMs = metadata && pushbackOf(metadata);
  return itemErrorOf(dependency, { code, message: details, problem, retryPushbackMs, errors: fieldErrorsOf(metadata) }, cause);
}

/** itemErrorOf: the same for one item of a batch. */
export function itemErrorOf(
  dependency: string,
  { code, message, problem, retryPushbackMs: pushbackMs, errors }: ItemFailure,
  cause: unknown = new Error(`${dependency} answered ${code}: ${message}`),
): ProblemError {
  const failure = serviceFailureOf(code, problem);
  const again = pushbackMs === undefined || pushbackMs === Infinity ? undefined : { retryAfterSeconds: Math.ceil(pushbackMs / 1_000) };
  if (failure.noAnswer) return new DownstreamError(dependency, failure.noAnswer, { ...again, pushbackMs, cause });
  return new ProblemError(failure.code, { ...again, detail: message, ...(errors.length > 0 && { errors }), cause });
}

function fieldErrorsOf(metadata: Metadata | undefined): readonly FieldError[] {
  const text = metadata?.get(errorsTrailer)[0]?.toString();
  if (text === undefined) return none;
  try {
    const errors: unknown = JSON.parse(text);
    return Array.isArray(errors) ? errors.filter(isFieldError) : none;
  } catch {
    return none;
  }
}

function isFieldError(value: unknown): value is FieldError {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pointer' in value &&
    'detail' in value &&
    typeof value.pointer === 'string' &&
    typeof value.detail === 'string'
  );
}

/** JSON in printable ASCII, as a text trailer must be. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
