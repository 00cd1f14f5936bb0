export { mostItems, type BatchRequest, type ItemFailure, type ItemOutcome } from './batch-messages.js';
export { pushbackOf, readHeaders, writeHeaders, type CallHeaders } from './rpc-metadata.js';
export { failureOf, itemErrorOf, itemFailureOf, problemOf, statusOf, type RpcStatus } from './rpc-status.js';
export {
  effectsOf,
  encodeMessage,
  methodOf,
  pathOf,
  rawDefinition,
  type BatchedMethod,
  type Codec,
  type DeepPartial,
  type Effects,
  type MethodDefinition,
  type RequestOf,
  type ResponseOf,
  type ServiceDefinition,
  type SingleMethod,
} from './service-definition.js';
