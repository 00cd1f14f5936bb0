import { Challenges } from '@facet/auth';
import { Catch, type ArgumentsHost, type ExceptionFilter, type INestApplicationContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '@facet/observability';
import { sendProblem, type Telling } from './send-problem.js';

/** ProblemFilter: turns whatever was thrown, by handlers, guards, the router or the parser, into problem+json. The only place that does. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly telling: Telling = {},
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** For what is refused while it is being answered. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    sendProblem(error, request, reply, this.logger, this.telling);
  }
}

/** The filter of an application, which completes its challenges where it takes tokens at all. */
export function problemFilterOf(
  app: INestApplicationContext,
  { logger, development }: { logger: Logger; development: boolean },
): ProblemFilter {
  return new ProblemFilter(logger, { challenges: challengesOf(app), development });
}

function challengesOf(app: INestApplicationContext): Challenges | undefined {
  try {
    return app.get(Challenges, { strict: false });
  } catch {
    return undefined;
  }
}
