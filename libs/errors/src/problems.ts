import { GrpcStatus } from './grpc-status.js';

/** DegradedReason: why a dependency gave no usable answer. */
export type DegradedReason = 'timeout' | 'unavailable' | 'open' | 'invalid' | 'shed';

/** Problem: one line of the error table. */
export interface Problem {
  /** HTTP status. */
  readonly status: number;
  readonly title: string;
  /** What a service answers with when it fails for this reason. */
  readonly grpc: number;
  /** `Retry-After` in seconds, where whoever throws it says nothing better and trying again helps. */
  readonly retryAfterSeconds?: number;
  /** Where a service answers with this, it gave no usable answer, for this reason: not its caller is at fault. Absent: it is the service's answer. */
  readonly noAnswer?: DegradedReason;
}

/**
 * The one error table. Each code has a page `docs/errors/<code>.md` and a line in docs/errors/README.md. The first code with an HTTP or gRPC status
 * stands for that status on the way back. Problem details: RFC 9457. gRPC to HTTP: google.rpc.Code, except that a failed dependency is a 502, never a
 * 500 of ours; and that a service has no quotas, so RESOURCE_EXHAUSTED is its overload, never a 429 of whoever asked us.
 */
const table = {
  'invalid-request': { status: 400, title: 'The request cannot be understood', grpc: GrpcStatus.INVALID_ARGUMENT },
  'query-too-costly': { status: 400, title: 'The query asks for too much', grpc: GrpcStatus.INVALID_ARGUMENT },
  'credential-in-url': { status: 400, title: 'The URL holds a credential', grpc: GrpcStatus.INVALID_ARGUMENT },
  unauthenticated: { status: 401, title: 'Who is calling is not known', grpc: GrpcStatus.UNAUTHENTICATED, noAnswer: 'invalid' },
  'insufficient-user-authentication': {
    status: 401,
    title: 'It must be surer who is calling',
    grpc: GrpcStatus.UNAUTHENTICATED,
    noAnswer: 'invalid',
  },
  forbidden: { status: 403, title: 'The caller may not do this', grpc: GrpcStatus.PERMISSION_DENIED },
  csrf: { status: 403, title: 'The request may come from another site', grpc: GrpcStatus.PERMISSION_DENIED },
  'insufficient-scope': { status: 403, title: 'The token lacks a scope', grpc: GrpcStatus.PERMISSION_DENIED },
  'network-not-allowed': { status: 403, title: 'The key is not for use from here', grpc: GrpcStatus.PERMISSION_DENIED },
  'not-found': { status: 404, title: 'There is no such thing', grpc: GrpcStatus.NOT_FOUND },
  'method-not-allowed': { status: 405, title: 'The route does not know this method', grpc: GrpcStatus.UNIMPLEMENTED, noAnswer: 'invalid' },
  'not-acceptable': { status: 406, title: 'No representation that the client accepts', grpc: GrpcStatus.INVALID_ARGUMENT },
  conflict: { status: 409, title: 'The state does not allow this', grpc: GrpcStatus.FAILED_PRECONDITION },
  'uploads-full': { status: 409, title: 'Too much is uploaded that no message has', grpc: GrpcStatus.FAILED_PRECONDITION },
  'quota-exceeded': {
    status: 429,
    title: 'Too many requests',
    grpc: GrpcStatus.RESOURCE_EXHAUSTED,
    retryAfterSeconds: 1,
    noAnswer: 'shed',
  },
  'payload-too-large': { status: 413, title: 'The body is too large', grpc: GrpcStatus.RESOURCE_EXHAUSTED },
  'unsupported-media-type': { status: 415, title: 'The content type is not supported', grpc: GrpcStatus.INVALID_ARGUMENT },
  'range-not-satisfiable': { status: 416, title: 'There are no such bytes', grpc: GrpcStatus.INVALID_ARGUMENT },
  'validation-failed': { status: 422, title: 'The body does not fit its schema', grpc: GrpcStatus.INVALID_ARGUMENT },
  'file-refused': { status: 422, title: 'The file is not one that is taken', grpc: GrpcStatus.INVALID_ARGUMENT },
  'client-closed-request': { status: 499, title: 'The client went away', grpc: GrpcStatus.CANCELLED, noAnswer: 'unavailable' },
  'internal-error': { status: 500, title: 'Something went wrong on our side', grpc: GrpcStatus.INTERNAL, noAnswer: 'invalid' },
  'dependency-failed': { status: 502, title: 'A service that this needs failed', grpc: GrpcStatus.INTERNAL, noAnswer: 'invalid' },
  'dependency-unavailable': {
    status: 503,
    title: 'A service that this needs is away',
    grpc: GrpcStatus.UNAVAILABLE,
    retryAfterSeconds: 1,
    noAnswer: 'unavailable',
  },
  'deadline-exceeded': {
    status: 504,
    title: 'There was not enough time',
    grpc: GrpcStatus.DEADLINE_EXCEEDED,
    retryAfterSeconds: 1,
    noAnswer: 'timeout',
  },
} as const satisfies Record<string, Problem>;

/** ProblemCode: the stable name of a kind of failure, the same in HTTP, GraphQL, gRPC trailers and logs. */
export type ProblemCode = keyof typeof table;

/** problems: the error table by code. */
export const problems: Readonly<Record<ProblemCode, Problem>> = table;

/** isProblemCode: whether a text, as it came over the wire, is one of our codes. */
export function isProblemCode(text: string | undefined): text is ProblemCode {
  return text !== undefined && Object.hasOwn(problems, text);
}

const codes = Object.keys(problems) as ProblemCode[];
const codeByHttpStatus = firstBy('status');

/** codeOfHttpStatus: the code that stands for an HTTP status; one that the table does not know is what its class means (RFC 9110, section 15). */
export function codeOfHttpStatus(status: number): ProblemCode {
  return codeByHttpStatus.get(status) ?? (status >= 400 && status < 500 ? 'invalid-request' : 'internal-error');
}

// What only others than our own services answer with means the same as one of ours.
const foreign: readonly (readonly [status: number, code: ProblemCode])[] = [
  [GrpcStatus.ALREADY_EXISTS, 'conflict'],
  [GrpcStatus.ABORTED, 'conflict'],
  [GrpcStatus.OUT_OF_RANGE, 'invalid-request'],
];
const codeByStatusOfGrpc = new Map([...firstBy('grpc'), ...foreign]);

/** ServiceFailure: what a failed call to a service means for who made it. */
export interface ServiceFailure {
  /** The problem that the service had. */
  readonly code: ProblemCode;
  /** Why there is no usable answer (a DownstreamError); undefined where the problem is the service's answer. */
  readonly noAnswer: DegradedReason | undefined;
}

/** serviceFailureOf: reads a gRPC status and the problem code that came with it, if any. What nobody can name is `internal-error`: no usable answer. */
export function serviceFailureOf(grpcStatus: number, problem?: string): ServiceFailure {
  const code = isProblemCode(problem) ? problem : (codeByStatusOfGrpc.get(grpcStatus) ?? 'internal-error');
  return { code, noAnswer: problems[code].noAnswer };
}

/** codeByReason: what the client sees where a part that it cannot do without has no usable answer, by the reason. */
export const codeByReason = {
  timeout: 'deadline-exceeded',
  unavailable: 'dependency-unavailable',
  open: 'dependency-unavailable',
  shed: 'dependency-unavailable',
  invalid: 'dependency-failed',
} as const satisfies Record<DegradedReason, ProblemCode>;

function firstBy(status: 'status' | 'grpc'): Map<number, ProblemCode> {
  return new Map(codes.toReversed().map((code) => [problems[code][status], code]));
}
