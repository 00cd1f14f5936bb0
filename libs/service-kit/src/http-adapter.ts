import { Readable } from 'node:stream';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Logger } from '@facet/observability';
import type { FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { refuseBrokenHttp } from './broken-http.js';
import { HttpAnswer } from './http-answer.js';
import { sendHttpProblem } from './http-problem.filter.js';
import type { ServiceTls } from './service-tls.js';

const longestPathPart = 256;

/** HttpServiceAdapter: Nest's Fastify adapter that sends what a handler returned: an HttpAnswer as it says, the response of an RPC as proto3 JSON. */
export class HttpServiceAdapter extends FastifyAdapter {
  override reply(response: FastifyReply, body: unknown, statusCode?: number) {
    if (response.sent) return discard(response, body);
    if (body instanceof HttpAnswer) return sendAnswer(response, body);
    const codec = response.request.routeOptions.config.answers;
    if (!codec) return super.reply(response, body, statusCode);
    return response
      .code(200)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(codec.toJSON(body)));
  }
}

function sendAnswer(response: FastifyReply, { status, headers, body }: HttpAnswer): FastifyReply {
  response.code(status).headers(headers);
  if (!(body instanceof Readable) || response.request.method !== 'HEAD') return response.send(body);
  // Nobody reads it, and what it would have been long stays said.
  body.destroy();
  return response.send(Readable.from([]));
}

/** The time was over meanwhile, and said so. */
function discard(response: FastifyReply, body: unknown): FastifyReply {
  if (body instanceof HttpAnswer && body.body instanceof Readable) body.body.destroy();
  return response;
}

/** httpServiceOptions: bounds on what a client may send and how long it may take, and problem+json for what fails before any route is known. */
export function httpServiceOptions(logger: Logger, receiveMs: number, tls?: ServiceTls): FastifyServerOptions & { skipMiddie: boolean } {
  return {
    ...(tls && { https: { ...tls.certificate.options, requestCert: true, rejectUnauthorized: true } }),
    skipMiddie: true,
    trustProxy: false,
    requestTimeout: receiveMs,
    // Whoever neither sends nor takes anything for longer is gone.
    connectionTimeout: receiveMs + 30_000,
    keepAliveTimeout: 65_000,
    routerOptions: { maxParamLength: longestPathPart },
    return503OnClosing: false,
    requestIdHeader: false,
    frameworkErrors: (error, request, reply) => sendHttpProblem(error, request as FastifyRequest, reply as FastifyReply, logger),
    clientErrorHandler: refuseBrokenHttp,
  };
}
