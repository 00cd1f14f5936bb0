import { histogram, type Histogram, type LogFields, type Logger } from '@facet/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const clientClosed = 499;
type Labels = 'http_request_method' | 'http_route' | 'http_response_status_code';

/**
 * requestObserver: what is written down about each finished request: `http_server_request_duration_seconds` by method, route and status (OpenTelemetry's
 * HTTP conventions) and one line of access log; health and documents log at debug. A request whose client went away counts as 499.
 */
export function requestObserver(logger: Logger): (request: FastifyRequest, reply: FastifyReply) => void {
  const durations: Histogram<Labels> = histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from the first byte of a request to the last byte of its answer',
    labels: ['http_request_method', 'http_route', 'http_response_status_code'],
  });
  const series = new Map<string, Histogram.Internal<Labels>>();
  const observe = (durationMs: number, ...labels: [method: string, route: string, status: string]) => {
    const key = labels.join(' ');
    let one = series.get(key);
    if (!one) series.set(key, (one = durations.labels(...labels)));
    one.observe(durationMs / 1000);
  };
  return (request, reply) => {
    const { method, routeOptions } = request;
    const route = routeOptions.url ?? '';
    const status = reply.raw.writableFinished ? reply.statusCode : clientClosed;
    const durationMs = reply.elapsedTime;
    observe(durationMs, knownMethods.has(method) ? method : '_OTHER', route, String(status));
    const level = routeOptions.config.route?.access.public && status < 500 ? 'debug' : 'info';
    if (logger.writes(level))
      logger[level]({ method, route, status, durationMs: Math.round(durationMs * 10) / 10, ...whoAndWhy(request) }, 'request');
  };
}

function whoAndWhy({ edge, caller }: FastifyRequest): LogFields {
  const { requestId, clientRequestId, problem, context } = edge;
  const degraded = context?.degradations.length ? context.degraded() : undefined;
  return { requestId, clientRequestId, code: problem, subject: caller?.subject, client: caller?.client, degraded };
}
