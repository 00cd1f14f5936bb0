import type { RequestContext } from '@facet/context';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { configOf } from './edge-request.js';

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** notesTimings: the context, told to note how long its parts take where the one who asks may see that: anybody in development, else clients of our own. */
export function notesTimings(request: FastifyRequest, context: RequestContext): RequestContext {
  if (configOf(request).route?.showsTimings(context.caller.client)) context.notes.showTimings();
  return context;
}

/** sayTimings: how long each part took, and the whole until now, in milliseconds (W3C Server Timing). */
export function sayTimings(reply: FastifyReply, timings: ReadonlyMap<string, number>): void {
  const parts = [...timings, ['total', reply.elapsedTime] as const].filter(([name]) => token.test(name));
  reply.header('server-timing', parts.map(([name, ms]) => `${name};dur=${ms.toFixed(1)}`).join(', '));
}
