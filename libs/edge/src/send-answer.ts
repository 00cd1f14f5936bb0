import { askedEachTime, type AnswerNotes, type CacheRule } from '@facet/context';
import type { FastifyReply } from 'fastify';
import { Answer } from './answer.js';
import { entityTag, hasTag } from './entity-tag.js';
import type { Route } from './route.js';
import { sendStream } from './send-stream.js';
import { sayTimings } from './server-timing.js';

/**
 * sendAnswer: sends what a handler returned as its route declared it: JSON through the route's serialiser, a stream, raw, or nothing. Whole JSON that was asked for
 * with GET says how it may be kept and carries a strong ETag, and is a 304 for who has it already; what is degraded is kept by nobody.
 */
export function sendAnswer(reply: FastifyReply, route: Route, returned: unknown): FastifyReply {
  const { returns, serialize, name } = route;
  if (returns.kind === 'stream') return sendStream(reply, returned, name);
  const { body, status, headers } = returned instanceof Answer ? returned : { body: returned };
  const payload = serialize ? serialize(body) : rawPayload(body, returns.kind === 'nothing', name);
  if (status) reply.code(status);
  const notes = reply.request.edge.context?.notes;
  const tag = sayHowToKeep(reply, route, payload, notes);
  if (headers) reply.headers(headers);
  if (notes) sayNotes(reply, notes);
  const known = reply.request.headers['if-none-match'];
  if (tag && known && hasTag(known, tag)) return reply.code(304).send();
  sayType(reply, returns.types[0]);
  return reply.send(payload);
}

/**
 * Only what `Vary` names shapes an answer besides its URL: who is asking. A client's `request-timeout-ms` can only degrade it, and then nobody keeps it.
 * (Whoever compresses answers adds `accept-encoding`, and weakens the ETag.)
 */
function sayHowToKeep(reply: FastifyReply, route: Route, payload: unknown, notes: AnswerNotes | undefined): string | undefined {
  const whole = route.method === 'GET' && route.returns.kind === 'json' && reply.statusCode === 200 && !notes?.degradations.length;
  if (!whole || typeof payload !== 'string') return undefined;
  const tag = entityTag(payload);
  reply.header('etag', tag).header('cache-control', cacheControlOf(notes?.cache));
  if (!route.access.public) reply.header('vary', [reply.getHeader('vary'), 'authorization'].filter(Boolean).join(', '));
  return tag;
}

function cacheControlOf({ shared, maxAgeSeconds }: CacheRule = askedEachTime): string {
  return `${shared ? 'public' : 'private'}, ${maxAgeSeconds > 0 ? `max-age=${maxAgeSeconds}` : 'no-cache'}`;
}

/** What the answer had to do without goes into a header (a list, RFC 9651), and such an answer is never kept, whatever it says itself. */
function sayNotes(reply: FastifyReply, { degradations, timings }: AnswerNotes): void {
  if (timings) sayTimings(reply, timings);
  if (!degradations.length) return;
  reply.header('facet-degraded', degradations.map(({ dependency, reason }) => `${dependency};reason=${reason}`).join(', '));
  reply.removeHeader('etag').header('cache-control', 'no-store');
}

function sayType(reply: FastifyReply, type: string | undefined): void {
  if (type && !reply.hasHeader('content-type')) reply.header('content-type', type === 'application/json' ? jsonType : type);
}

const jsonType = 'application/json; charset=utf-8';

function rawPayload(body: unknown, empty: boolean, route: string): string | Uint8Array | undefined {
  if (empty) return undefined;
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  throw new TypeError(`${route} declares @ReturnsRaw and returned neither text nor bytes`);
}
