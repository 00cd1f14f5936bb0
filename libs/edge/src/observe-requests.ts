import { histogram, type Histogram, type LogFields, type Logger } from '@facet/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { configOf, type RouteConfig } from './edge-request.js';

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const clientClosed = 499;

/** What all requests of a route have in common that were answered alike: where they are counted, and a logger that has said this much. */
interface Series {
  readonly method: string;
  readonly status: number;
  readonly durations: Histogram.Internal<string>;
  readonly logger: Logger;
  readonly level: 'debug' | 'info';
}

/**
 * requestObserver: what is written down about each finished request: `http_server_request_duration_seconds` by method, route and status (OpenTelemetry's
 * HTTP conventions) and one line of access log; health and documents log at debug. A request whose client went away counts as 499.
 */
export function requestObserver(logger: Logger): (request: FastifyRequest, reply: FastifyReply) => void {
  const durations = histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from the first byte of a request to the last byte of its answer',
    labels: ['http_request_method', 'http_route', 'http_response_status_code'],
  });
  const begin = (config: RouteConfig, method: string, status: number): Series => {
    const route = config.url ?? '';
    return {
      method,
      status,
      durations: durations.labels(knownMethods.has(method) ? method : '_OTHER', route, String(status)),
      logger: logger.child({ method, route, status }),
      level: config.route?.access.public && status < 500 ? 'debug' : 'info',
    };
  };
  const known = new Map<RouteConfig, Series[]>();
  const seriesOf = (config: RouteConfig, method: string, status: number): Series => {
    let ofRoute = known.get(config);
    if (!ofRoute) known.set(config, (ofRoute = []));
    for (const one of ofRoute) if (one.status === status && one.method === method) return one;
    const one = begin(config, method, status);
    ofRoute.push(one);
    return one;
  };
  return (request, reply) => {
    const status = reply.raw.writableFinished ? reply.statusCode : clientClosed;
    const series = seriesOf(configOf(request), request.method, status);
    const durationMs = reply.elapsedTime;
    series.durations.observe(durationMs / 1000);
    if (series.logger.writes(series.level))
      series.logger[series.level]({ durationMs: Math.round(durationMs * 10) / 10, ...whoAndWhy(request) }, 'request');
  };
}

function whoAndWhy({ edge, caller }: FastifyRequest): LogFields {
  const { requestId, clientRequestId, problem, context } = edge;
  const degraded = context?.degradations.length ? context.degraded() : undefined;
  return { requestId, clientRequestId, code: problem, subject: caller?.subject, client: caller?.client, degraded };
}
