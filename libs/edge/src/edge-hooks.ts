import { ProblemError } from '@facet/errors';
import type { Logger } from '@facet/observability';
import { KnownPaths, letFinish, refuseUndecodable } from '@facet/service-kit/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { limitBody } from './body-in-time.js';
import { crossOrigin } from './cors.js';
import { beginRequest, configOf } from './edge-request.js';
import type { EdgeState } from './edge-state.js';
import { requestObserver } from './observe-requests.js';
import { Proxies, type ProxySettings } from './proxies.js';
import { securityHeaders } from './security-headers.js';
import { sendProblem } from './send-problem.js';
import { uploadType } from './upload.decorator.js';

/** HooksOptions: what hooks need to know of the application. */
export interface HooksOptions {
  readonly logger: Logger;
  readonly state: EdgeState;
  /** Who may speak for clients. */
  readonly proxies?: ProxySettings | undefined;
  /** Whose pages may read answers. */
  readonly corsOrigins?: readonly string[] | undefined;
}

/**
 * installHooks: what every request gets, in Fastify hooks, which cost a fraction of an interceptor: an id, security headers, a decodable URL, 405 where
 * only the method is wrong, its place in log and metrics; and while draining, a connection that ends.
 */
export function installHooks(instance: FastifyInstance, { logger, state, proxies, corsOrigins = [] }: HooksOptions): void {
  const headers = securityHeaders();
  const paths = new KnownPaths();
  const believed = new Proxies(proxies);
  const observe = requestObserver(logger);
  const allowOrigin = crossOrigin(corsOrigins);
  instance.removeAllContentTypeParsers();
  // Bodies stay bytes until the guards have let the caller in.
  for (const type of ['application/json', /^application\/[\w.-]+\+json\b/]) {
    instance.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  }
  instance.addContentTypeParser(uploadType, (request, payload, done) => {
    if (configOf(request).route?.inputs.upload) done(null, payload);
    else done(new ProblemError('unsupported-media-type'));
  });
  instance.addHook('onRoute', ({ method, url }) => paths.add(method, url));
  instance.addHook('onRequest', (request, reply, done) => {
    believed.clean(request.raw);
    beginRequest(request, reply);
    reply.headers(headers);
    allowOrigin(request, reply);
    if (state.draining) reply.header('connection', 'close');
    refuseUndecodable(request.raw.url ?? '/');
    if (request.is404 && answerKnownPath(request, reply, paths, allowOrigin)) return;
    limitBody(request, (problem) => sendProblem(problem, request, reply, logger));
    done();
  });
  instance.addHook('onResponse', (request, reply, done) => {
    observe(request, reply);
    letFinish(request.raw);
    done();
  });
}

/** Where the path is known and only the method is not: OPTIONS is answered, everything else refused with what would do. */
function answerKnownPath(
  request: FastifyRequest,
  reply: FastifyReply,
  paths: KnownPaths,
  allowOrigin: ReturnType<typeof crossOrigin>,
): boolean {
  const { raw, method } = request;
  const allow = paths.methodsOf(raw.url ?? '/').join(', ');
  if (!allow) return false;
  if (method !== 'OPTIONS') throw new ProblemError('method-not-allowed', { detail: `This path knows: ${allow}.`, headers: { allow } });
  allowOrigin(request, reply, allow);
  reply.code(204).header('allow', allow).send();
  return true;
}
