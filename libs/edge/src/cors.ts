import type { FastifyReply, FastifyRequest } from 'fastify';

const mayBeSent = 'authorization, dpop, content-type, if-none-match, range, request-timeout-ms, x-request-id';
const mayBeRead = [
  ...['dpop-nonce', 'www-authenticate', 'retry-after', 'ratelimit', 'ratelimit-policy', 'x-request-id', 'facet-request-id'],
  ...['facet-degraded', 'etag', 'location', 'content-range', 'content-disposition', 'server-timing'],
].join(', ');
const preflightSeconds = 600;

/**
 * crossOrigin: lets pages of these origins, compared exactly, read answers and send what our APIs take (CORS, of the Fetch standard). Never with cookies.
 * Others are told nothing. What it returns is to be called with each request, and with the methods of the path where that is a preflight.
 */
export function crossOrigin(origins: readonly string[]) {
  const known = new Set(origins);
  return ({ headers }: FastifyRequest, reply: FastifyReply, methods?: string): void => {
    if (known.size === 0) return;
    reply.header('vary', 'origin');
    if (headers.origin === undefined || !known.has(headers.origin)) return;
    reply.header('access-control-allow-origin', headers.origin).header('access-control-expose-headers', mayBeRead);
    if (methods === undefined || headers['access-control-request-method'] === undefined) return;
    reply
      .header('access-control-allow-methods', methods)
      .header('access-control-allow-headers', mayBeSent)
      .header('access-control-max-age', preflightSeconds);
  };
}
