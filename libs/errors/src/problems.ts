import { GrpcStatus } from './grpc-status.js';

interface Problem {
  readonly status: number;
  readonly title: string;
  /** What a service answers with when it fails for this reason. */
  readonly grpc: number;
}

/**
 * problems: the one error table. Each code has an HTTP status, a title and a gRPC status, and a page `docs/errors/<code>.md`.
 * Problem details: RFC 9457. gRPC to HTTP: google.rpc.Code, except that a failed dependency is a 502, never a 500 of ours.
 */
export const problems = {
  'invalid-request': { status: 400, title: 'The request cannot be understood', grpc: GrpcStatus.INVALID_ARGUMENT },
  'query-too-costly': { status: 400, title: 'The query asks for too much', grpc: GrpcStatus.INVALID_ARGUMENT },
  unauthenticated: { status: 401, title: 'Who is calling is not known', grpc: GrpcStatus.UNAUTHENTICATED },
  forbidden: { status: 403, title: 'The caller may not do this', grpc: GrpcStatus.PERMISSION_DENIED },
  'insufficient-scope': { status: 403, title: 'The token lacks a scope', grpc: GrpcStatus.PERMISSION_DENIED },
  'not-found': { status: 404, title: 'There is no such thing', grpc: GrpcStatus.NOT_FOUND },
  'method-not-allowed': { status: 405, title: 'The route does not know this method', grpc: GrpcStatus.UNIMPLEMENTED },
  'not-acceptable': { status: 406, title: 'No representation that the client accepts', grpc: GrpcStatus.INVALID_ARGUMENT },
  conflict: { status: 409, title: 'The state does not allow this', grpc: GrpcStatus.FAILED_PRECONDITION },
  'payload-too-large': { status: 413, title: 'The body is too large', grpc: GrpcStatus.RESOURCE_EXHAUSTED },
  'unsupported-media-type': { status: 415, title: 'The content type is not supported', grpc: GrpcStatus.INVALID_ARGUMENT },
  'validation-failed': { status: 422, title: 'The body does not fit its schema', grpc: GrpcStatus.INVALID_ARGUMENT },
  'quota-exceeded': { status: 429, title: 'Too many requests', grpc: GrpcStatus.RESOURCE_EXHAUSTED },
  'client-closed-request': { status: 499, title: 'The client went away', grpc: GrpcStatus.CANCELLED },
  'internal-error': { status: 500, title: 'Something went wrong on our side', grpc: GrpcStatus.INTERNAL },
  'dependency-failed': { status: 502, title: 'A service that this needs failed', grpc: GrpcStatus.INTERNAL },
  'dependency-unavailable': { status: 503, title: 'A service that this needs is away', grpc: GrpcStatus.UNAVAILABLE },
  'deadline-exceeded': { status: 504, title: 'There was not enough time', grpc: GrpcStatus.DEADLINE_EXCEEDED },
} as const satisfies Record<string, Problem>;

/** ProblemCode: the stable name of a kind of failure, the same in HTTP, GraphQL, gRPC trailers and logs. */
export type ProblemCode = keyof typeof problems;

/** isProblemCode: whether a text, as it came over the wire, is one of our codes. */
export function isProblemCode(text: string | undefined): text is ProblemCode {
  return text !== undefined && Object.hasOwn(problems, text);
}

const codeByGrpcStatus: Record<number, ProblemCode> = {
  [GrpcStatus.CANCELLED]: 'client-closed-request',
  [GrpcStatus.INVALID_ARGUMENT]: 'invalid-request',
  [GrpcStatus.DEADLINE_EXCEEDED]: 'deadline-exceeded',
  [GrpcStatus.NOT_FOUND]: 'not-found',
  [GrpcStatus.ALREADY_EXISTS]: 'conflict',
  [GrpcStatus.PERMISSION_DENIED]: 'forbidden',
  [GrpcStatus.RESOURCE_EXHAUSTED]: 'dependency-unavailable',
  [GrpcStatus.FAILED_PRECONDITION]: 'conflict',
  [GrpcStatus.ABORTED]: 'conflict',
  [GrpcStatus.OUT_OF_RANGE]: 'invalid-request',
  [GrpcStatus.UNAVAILABLE]: 'dependency-unavailable',
};

/**
 * codeOfGrpcStatus: what a failed call to a service means for who called us. A status that only a broken service or a broken client of ours
 * can cause (INTERNAL, UNAUTHENTICATED between our own processes, UNIMPLEMENTED, …) is `dependency-failed`.
 */
export function codeOfGrpcStatus(status: number): ProblemCode {
  return codeByGrpcStatus[status] ?? 'dependency-failed';
}
