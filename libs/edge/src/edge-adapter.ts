import type { Server } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Logger } from '@facet/observability';
import { refuseBrokenHttp } from '@facet/service-kit/http';
import type { FastifyHttpOptions, FastifyReply, FastifyRequest } from 'fastify';
import { configOf, newRequestId } from './edge-request.js';
import { Proxies, type ProxySettings } from './proxies.js';
import { sendAnswer } from './send-answer.js';
import { sendProblem } from './send-problem.js';

const bodyLimit = 1024 * 1024;
const longestPathPart = 256;
const longestRequestMs = 125_000;

/** EdgeAdapter: Nest's Fastify adapter that sends what a route returned as the route declared it, without an interceptor. */
export class EdgeAdapter extends FastifyAdapter {
  override reply(response: FastifyReply, body: unknown, statusCode?: number) {
    const route = response.request?.edge && configOf(response.request).route;
    if (!route) return super.reply(response, body, statusCode);
    return sendAnswer(response, route, body);
  }
}

/**
 * fastifyOptions: bounds on what a client may send and how long it may take, whose word on its address counts, and problem+json for what fails before any
 * route is known.
 */
export function fastifyOptions(logger: Logger, proxies?: ProxySettings): FastifyHttpOptions<Server> & { skipMiddie: boolean } {
  return {
    skipMiddie: true,
    trustProxy: new Proxies(proxies).trust,
    bodyLimit,
    // Time for a client to send its whole request, an upload: what is gathered has less (`limitBody`). Between requests a connection may idle longer than a
    // balancer in front keeps it.
    requestTimeout: longestRequestMs,
    http: { headersTimeout: 15_000 },
    keepAliveTimeout: 65_000,
    routerOptions: { maxParamLength: longestPathPart },
    // Those in flight are answered while the process drains.
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: newRequestId,
    frameworkErrors: (error, request, reply) => sendProblem(error, request as FastifyRequest, reply as FastifyReply, logger),
    clientErrorHandler: refuseBrokenHttp,
  };
}
