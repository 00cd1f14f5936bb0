import { codeOfHttpStatus, GrpcStatus, isProblemCode, ProblemError, problems, type FieldError, type ProblemCode } from '@facet/errors';
import { statusOf } from '@facet/service-kit/wire';
import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { isRecord } from './http-json.js';

/** What has no place in the error table: codes of Node that mean that nobody is there, or that he hung up. */
const away: ReadonlySet<string> = new Set([
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ETIMEDOUT',
]);

const unknownCode = 'unknown';

/** What stands between us and a service answers without a problem of ours; what that says of the service (gRPC's doc/http-grpc-status-mapping.md). */
const foreign: Readonly<Record<number, ProblemCode>> = {
  429: 'quota-exceeded',
  502: 'dependency-unavailable',
  503: 'dependency-unavailable',
  504: 'deadline-exceeded',
};

/** bareFailure: a failure that is ours to name, as gRPC would. */
export function bareFailure(code: number, details: string): ServiceError {
  return Object.assign(new Error(details), { code, details, metadata: new Metadata() });
}

/** lostFailure: why there is no answer from an address: nobody there, or nothing that is HTTP. Takes nothing over from the error but its code: axios puts the request into it, token and all. */
export function lostFailure(address: string, error: unknown): ServiceError {
  const code = codeIn(error);
  const status = away.has(code) || isOfTls(code) ? GrpcStatus.UNAVAILABLE : GrpcStatus.INTERNAL;
  return bareFailure(status, `${address} gave no answer: ${code}`);
}

/** noConnection: why nothing could be sent to an address: whatever it was, nobody of ours is there. */
export function noConnection(address: string, error: unknown): ServiceError {
  return bareFailure(GrpcStatus.UNAVAILABLE, `${address} gave no connection: ${codeIn(error)}`);
}

/** In TLS 1.3 the other end says after the handshake that it wants another certificate. */
function isOfTls(code: string): boolean {
  return code === 'EPROTO' || code.startsWith('ERR_SSL_');
}

/** failureIn: whatever was thrown on the way to an address or back, as a failure. */
export function failureIn(address: string, error: unknown): ServiceError {
  if (isFailure(error)) return error;
  if (error instanceof ProblemError) return Object.assign(new Error(error.message), statusOf(error));
  const code = codeIn(error);
  return code === unknownCode && error instanceof Error ? bareFailure(GrpcStatus.INTERNAL, error.message) : lostFailure(address, error);
}

/** AnswerHead: what is known of an answer before its body. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** answerFailure: what an answer that is none means, in gRPC's terms: a problem of ours (RFC 9457) by the error table, else what its status says of whoever sent it. */
export function answerFailure({ status, headers }: AnswerHead, body: Buffer): ServiceError {
  const problem = isType(headers, 'application/problem+json') ? parsed(body) : undefined;
  const code = problem ? codeOf(status, problem) : (foreign[status] ?? 'internal-error');
  const retryAfterSeconds = secondsIn(headers['retry-after']);
  const { detail, errors } = problem ?? {};
  const failed = statusOf(
    new ProblemError(code, {
      ...(typeof detail === 'string' && { detail }),
      ...(Array.isArray(errors) && { errors: errors.filter(isFieldError) }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    }),
  );
  return Object.assign(new Error(`HTTP ${status}: ${failed.details}`), failed);
}

/** isType: whether an answer is of this media type, whatever its parameters. */
export function isType(headers: Readonly<Record<string, string>>, type: string): boolean {
  return headers['content-type']?.split(';', 1)[0]!.trim().toLowerCase() === type;
}

/** What failed by intent is 4xx or 5xx and says so itself; whatever else is no answer of ours. */
function codeOf(status: number, { code }: Readonly<Record<string, unknown>>): ProblemCode {
  if (status < 400) return 'internal-error';
  return typeof code === 'string' && isProblemCode(code) && problems[code].status === status ? code : codeOfHttpStatus(status);
}

function parsed(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFieldError(value: unknown): value is FieldError {
  return isRecord(value) && typeof value['pointer'] === 'string' && typeof value['detail'] === 'string';
}

/** `Retry-After` (RFC 9110, section 10.2.3): seconds or a date. What cannot be read says nothing. */
function secondsIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const at = /^[A-Z][a-z]{2}, .* GMT$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, (at - Date.now()) / 1_000);
}

function isFailure(error: unknown): error is ServiceError {
  return error instanceof Error && 'details' in error && 'metadata' in error;
}

/** Happy eyeballs fail with several errors in one. */
function codeIn(error: unknown): string {
  if (typeof error !== 'object' || error === null) return unknownCode;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? codeIn(error.cause) : unknownCode;
}
