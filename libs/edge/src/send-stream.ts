import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { Answer } from './answer.js';
import { endWhenRevoked } from './end-when-revoked.js';

/**
 * sendStream: sends an Answer whose body is a stream, as fast as the client takes it. It is read for nobody else and asked for anew each time, unless its own
 * headers say better. Where the client hangs up the stream is destroyed; where the stream fails the connection is cut, since the status has been said; as well as
 * when its caller is revoked.
 */
export function sendStream(reply: FastifyReply, answer: unknown, route: string): FastifyReply {
  if (!(answer instanceof Answer && answer.body instanceof Readable))
    throw new TypeError(`${route} declares @ReturnsStream and returned no Answer with a stream`);
  const { body, status = 200, headers } = answer;
  endWhenRevoked(reply.request, reply);
  reply.code(status).headers({ 'cache-control': 'private, no-cache', vary: 'authorization', ...headers });
  if ((status === 304 || status === 204) && reply.request.method !== 'HEAD') {
    body.destroy();
    return reply.removeHeader('content-length').send();
  }
  return reply.send(body);
}
