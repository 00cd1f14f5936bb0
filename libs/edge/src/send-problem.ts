import type { Challenges } from '@facet/auth';
import { DownstreamError, problems } from '@facet/errors';
import type { Logger } from '@facet/observability';
import { explanationOf, problemBody, toProblem } from '@facet/service-kit/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { beginRequest } from './edge-request.js';
import { sayTimings } from './server-timing.js';

/** Telling: how much a problem tells. `challenges` completes a challenge; in development a refusal explains itself. */
export interface Telling {
  readonly challenges?: Challenges | undefined;
  readonly development?: boolean;
}

/** sendProblem: answers with problem+json (RFC 9457), never cached, and logs what is our fault or a dependency's, and which rule refused somebody. */
export function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
  { challenges, development = false }: Telling = {},
): void {
  if (!request.edge) beginRequest(request, reply);
  const { edge } = request;
  const problem = toProblem(error);
  edge.problem = problem.code;
  logProblem(problem, edge.requestId, logger);
  if (reply.sent) return;
  if (problem.headers) sayHeaders(reply, problem.headers, challenges);
  const retryAfterSeconds = problem.retryAfterSeconds ?? problems[problem.code].retryAfterSeconds;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  if (edge.context?.notes.timings) sayTimings(reply, edge.context.notes.timings);
  reply
    .code(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problemBody(problem, edge.publicId, { development })));
}

function sayHeaders(reply: FastifyReply, headers: Readonly<Record<string, string>>, challenges: Challenges | undefined): void {
  reply.headers(headers);
  const challenge = headers['www-authenticate'];
  if (challenge && challenges) reply.header('www-authenticate', challenges.complete(challenge, reply.request.headers.authorization));
}

function logProblem(problem: ReturnType<typeof toProblem>, requestId: string, logger: Logger): void {
  const explanation = explanationOf(problem);
  if (explanation) logger.info({ requestId, code: problem.code, ...explanation }, 'a request was refused');
  if (problem.exposed) return;
  if (problem instanceof DownstreamError) {
    logger.warn({ requestId, code: problem.code, dependency: problem.dependency, reason: problem.reason }, 'a dependency failed a request');
    return;
  }
  logger.error({ requestId, code: problem.code, error: problem.cause ?? problem }, 'a request failed');
}
