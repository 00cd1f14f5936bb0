import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Logger } from '@facet/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpCall } from './http-call.js';
import { problemBody, toProblem } from './problem.js';
import { RpcLog } from './rpc-log.js';

/** HttpProblemFilter: turns whatever was thrown, by handlers, hooks or the router, into problem+json. */
@Catch()
export class HttpProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendHttpProblem(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), this.logger);
  }
}

/** sendHttpProblem: answers with problem+json (RFC 9457), never cached; one line of log for what is our fault. When to come again is said only where the service knows: to a client of ours it is an order (gRPC's pushback). */
export function sendHttpProblem(error: unknown, request: FastifyRequest, reply: FastifyReply, logger: Logger): void {
  request.call ??= new HttpCall(request, reply);
  const problem = toProblem(error);
  const { requestId } = request.call;
  new RpcLog(`${request.method} ${request.routeOptions?.url ?? ''}`, logger).failed({ requestId }, problem);
  if (reply.sent) return;
  if (problem.headers) reply.headers(problem.headers);
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(problem.retryAfterSeconds));
  reply
    .code(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problemBody(problem, requestId)));
}
