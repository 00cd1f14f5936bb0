export { bootstrap } from './bootstrap.js';
export { id, pageSize, text } from './fields.js';
export { grpcServer, type GrpcServerOptions } from './grpc-server.js';
export { answerAllowed, outcomeOf } from './outcome-of.js';
export { readinessOf, type Readiness, type ReadinessPart } from './readiness.js';
export { BatchRpc, Rpc, type BatchContext, type BatchItem, type BatchOutcome } from './rpc.decorator.js';
export type { AppToServe, NestModule, RunningServer, ServerKind } from './server-kind.js';
export { startApp, type AppOptions, type ProcessConfig, type RunningApp } from './start-app.js';
export { StartFailure } from './start-failure.js';
