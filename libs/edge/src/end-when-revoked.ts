import { revokedCredential, type Revocations } from '@facet/auth';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { revocationsOf } from '@facet/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ProblemFilter } from './problem.filter.js';

interface Ends {
  readonly revocations: Revocations;
  /** Refuses what is being answered. */
  readonly filter: ProblemFilter;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Where the application knows who was revoked. */
    ends: Ends | undefined;
  }
}

/** From now on `endWhenRevoked` has an effect on requests to this application, where it knows who was revoked. */
export function knowEnds(app: NestFastifyApplication, filter: ProblemFilter): void {
  const revocations = revocationsOf(app);
  app
    .getHttpAdapter()
    .getInstance()
    .decorate('ends', revocations && { revocations, filter });
}

/**
 * endWhenRevoked: has what takes longer than a moment, such as a stream or an upload, end as soon as its caller is revoked: with 401 where no answer has
 * begun, else by cutting the connection, since the status has been said. Whatever is under way for it is of no use then.
 */
export function endWhenRevoked(request: FastifyRequest, reply: FastifyReply): void {
  const { caller, server } = request;
  if (!caller || !server.ends) return;
  const { revocations, filter } = server.ends;
  const leave = revocations.whenRevoked(caller, () => {
    const problem = revokedCredential();
    if (reply.raw.headersSent) reply.raw.destroy();
    else filter.answer(problem, request, reply);
    request.edge.context?.ending.end(problem);
  });
  reply.raw.once('close', leave);
}
