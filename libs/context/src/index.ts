export { AnswerNotes, askedEachTime, type CacheRule } from './answer-notes.js';
export type { Assurance, Caller } from './caller.js';
export { Ending, type EndListener } from './ending.js';
export { RequestContext, type ContextInit } from './request-context.js';
