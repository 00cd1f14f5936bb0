import { AsyncLocalStorage } from 'node:async_hooks';
import { requestIdOf } from '@facet/edge';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Where a request comes from. */
export interface Origin {
  readonly address: string;
  readonly agent: string;
  readonly requestId: string;
}

const longestAgent = 200;
const origins = new AsyncLocalStorage<Origin>();

/** What handles these routes knows where the request comes from, however deep it is. */
export function knowOrigins(scope: FastifyInstance): void {
  scope.addHook('preHandler', (request, _reply, done) => origins.run(originOf(request), done));
}

export function withOrigin<Outcome>(request: FastifyRequest, work: () => Outcome): Outcome {
  return origins.run(originOf(request), work);
}

/** Of the request that is being handled; none in a command, or in what happens by itself. */
export function originNow(): Origin | undefined {
  return origins.getStore();
}

function originOf(request: FastifyRequest): Origin {
  const agent = (request.headers['user-agent'] ?? '').slice(0, longestAgent);
  return { address: request.ip, agent, requestId: requestIdOf(request) };
}
