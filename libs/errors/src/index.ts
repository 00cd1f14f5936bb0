export { answered } from './answered.js';
export { GrpcStatus } from './grpc-status.js';
export { codeOfGrpcStatus, isProblemCode, problems, type ProblemCode } from './problems.js';
export {
  DownstreamError,
  ProblemError,
  type Degradation,
  type DegradedReason,
  type FieldError,
  type ProblemOptions,
} from './problem-error.js';
