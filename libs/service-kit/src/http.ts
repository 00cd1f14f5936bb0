export { refuseBrokenHttp } from './broken-http.js';
export { drain } from './drain.js';
export { HttpAnswer, type HttpAnswerOptions } from './http-answer.js';
export { CallContext, HttpRpc, type HttpServiceDefinition, type JsonCodec } from './http-rpc.decorator.js';
export { httpService, type HttpServiceOptions } from './http-service.js';
export { KnownPaths, refuseUndecodable } from './known-paths.js';
export { letFinish } from './let-finish.js';
export { explanationOf, problemBody, toProblem, type ProblemBody } from './problem.js';
export { escapePointer, fieldErrors, strict, validateBody, validateParameters } from './validate.js';
