import {
  codeOfGrpcStatus,
  DownstreamError,
  isProblemCode,
  ProblemError,
  problems,
  type DegradedReason,
  type FieldError,
  type ProblemOptions,
} from '@facet/errors';
import { Metadata } from '@grpc/grpc-js';
import type { ItemFailure } from './batch-messages.js';
import { pushbackOf, setPushback } from './rpc-metadata.js';

const codeTrailer = 'facet-code';
const errorsTrailer = 'facet-errors';
const mostFieldErrors = 20;

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

/** publicText: what a caller may read about a problem. */
export function publicText(problem: ProblemError): string {
  return problem.exposed ? problem.message : problems[problem.code].title;
}

/** statusOf: a problem as gRPC status: its code, its public text, and trailers with the problem code and the fields that are wrong. */
export function statusOf(problem: ProblemError): RpcStatus {
  const metadata = new Metadata();
  metadata.set(codeTrailer, problem.code);
  if (problem.exposed && problem.errors) metadata.set(errorsTrailer, asciiJson(problem.errors.slice(0, mostFieldErrors)));
  if (problem.retryAfterSeconds !== undefined) setPushback(metadata, problem.retryAfterSeconds * 1_000);
  return { code: problems[problem.code].grpc, details: publicText(problem), metadata };
}

/** itemFailureOf: the same for one item of a batch. */
export function itemFailureOf(problem: ProblemError): ItemFailure {
  return { code: problems[problem.code].grpc, message: publicText(problem), problem: problem.code };
}

/** failureOf: what a failed RPC means for who made it: a DownstreamError where the service gave no usable answer, else the service's own ProblemError. */
export function failureOf(
  dependency: string,
  { code, details, metadata }: Omit<RpcStatus, 'metadata'> & { metadata?: Metadata },
  cause?: unknown,
): ProblemError {
  const problem = metadata?.get(codeTrailer)[0]?.toString() ?? '';
  return failure(dependency, { code, message: details, problem }, { cause, errors: fieldErrorsOf(metadata), ...retryAfter(metadata) });
}

/** itemErrorOf: the same for one item of a batch. */
export function itemErrorOf(dependency: string, item: ItemFailure): ProblemError {
  return failure(dependency, item, {});
}

function failure(dependency: string, item: ItemFailure, { errors, ...options }: ProblemOptions): ProblemError {
  const code = isProblemCode(item.problem) ? item.problem : codeOfGrpcStatus(item.code);
  const cause = options.cause ?? new Error(`${dependency} answered ${item.code}: ${item.message}`);
  const noAnswer = reasonOf(code);
  if (noAnswer) return new DownstreamError(dependency, noAnswer, { ...options, cause });
  return new ProblemError(code, { ...options, detail: item.message, errors, cause });
}

function retryAfter(metadata: Metadata | undefined): Pick<ProblemOptions, 'retryAfterSeconds'> {
  const pushbackMs = metadata && pushbackOf(metadata);
  return pushbackMs === undefined || pushbackMs === Infinity ? {} : { retryAfterSeconds: Math.ceil(pushbackMs / 1_000) };
}

/** Why there is no usable answer. Who is calling is between our own processes: a service that does not accept it is broken, or we are. */
function reasonOf(code: ProblemError['code']): DegradedReason | undefined {
  if (code === 'deadline-exceeded') return 'timeout';
  if (code === 'dependency-unavailable' || code === 'client-closed-request') return 'unavailable';
  return code === 'unauthenticated' || problems[code].status >= 500 ? 'invalid' : undefined;
}

function fieldErrorsOf(metadata: Metadata | undefined): readonly FieldError[] | undefined {
  const text = metadata?.get(errorsTrailer)[0]?.toString();
  if (text === undefined) return undefined;
  try {
    const errors: unknown = JSON.parse(text);
    return Array.isArray(errors) ? errors.filter(isFieldError) : undefined;
  } catch {
    return undefined;
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
