export { answered } from './answered.js';
export { GrpcStatus } from './grpc-status.js';
export {
  codeByReason,
  codeOfHttpStatus,
  isProblemCode,
  problems,
  serviceFailureOf,
  type DegradedReason,
  type Problem,
  type ProblemCode,
  type ServiceFailure,
} from './problems.js';
export {
  DownstreamError,
  ProblemError,
  type Degradation,
  type Explanation,
  type FieldError,
  type ProblemOptions,
} from './problem-error.js';
