export type { Caller } from './caller.js';
export { RequestContext, type ContextInit } from './request-context.js';
