import type { FastifyReply } from 'fastify';
import { Answer } from './answer.js';
import type { Route } from './route.js';

/** sendAnswer: sends what a handler returned as its route declared it: JSON through the route's serialiser, raw, or nothing. */
export function sendAnswer(reply: FastifyReply, { returns, serialize, name }: Route, returned: unknown): FastifyReply {
  const { body, status, headers } = returned instanceof Answer ? returned : { body: returned };
  const payload = serialize ? serialize(body) : rawPayload(body, returns.kind === 'nothing', name);
  if (returns.types[0]) reply.header('content-type', returns.types[0] === 'application/json' ? jsonType : returns.types[0]);
  if (status) reply.code(status);
  if (headers) reply.headers(headers);
  sayDegraded(reply);
  return reply.send(payload);
}

/** What the answer had to do without goes into a header (a list, RFC 9651), and such an answer is never kept. */
function sayDegraded(reply: FastifyReply): void {
  const degradations = reply.request.edge.context?.degradations;
  if (!degradations?.length) return;
  reply.header('facet-degraded', degradations.map(({ dependency, reason }) => `${dependency};reason=${reason}`).join(', '));
  reply.header('cache-control', 'no-store');
}

const jsonType = 'application/json; charset=utf-8';

function rawPayload(body: unknown, empty: boolean, route: string): string | Uint8Array | undefined {
  if (empty) return undefined;
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  throw new TypeError(`${route} declares @ReturnsRaw and returned neither text nor bytes`);
}
