import { ProblemError } from '@facet/errors';
import type { Logger } from '@facet/observability';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpCall } from './http-call.js';
import { sendHttpProblem } from './http-problem.filter.js';
import { KnownPaths, refuseUndecodable } from './known-paths.js';
import { letFinish } from './let-finish.js';
import type { TokenVerifier } from './serve-rpc.js';
import { callerOf } from './serve-single.js';
import type { Peers } from './tls-peers.js';

/** HttpHooks: what the hooks of an HTTP service know. */
export interface HttpHooks {
  readonly logger: Logger;
  readonly verifier: TokenVerifier;
  /** Content types whose bodies handlers read from the request as they come. All others are refused. */
  readonly streams: readonly string[];
  readonly state: { readonly draining: boolean };
  /** Who is on the other end of connections, where TLS says so. */
  readonly peers?: Peers | undefined;
}

const bearer = 'Bearer ';

/**
 * installHttpHooks: what every request to an HTTP service gets before its handler: an id, a decodable URL, a verified caller, its time; and who is refused while
 * sending is let finish for a moment. Nothing of a body is read before all that.
 */
export function installHttpHooks(instance: FastifyInstance, { logger, verifier, streams, state, peers }: HttpHooks): void {
  const paths = new KnownPaths();
  instance.removeAllContentTypeParsers();
  for (const type of streams) instance.addContentTypeParser(type, (_request, _payload, done) => done(null));
  instance.addHook('onRoute', ({ method, url }) => paths.add(method, url));
  instance.addHook('onRequest', (request, reply, done) => {
    request.call = new HttpCall(request, reply);
    reply.headers({ 'x-request-id': request.call.requestId, 'x-content-type-options': 'nosniff' });
    if (state.draining || peers?.isOld(request.raw.socket)) reply.header('connection', 'close');
    refuseUndecodable(request.raw.url ?? '/');
    if (request.is404) refuseMethod(request, paths);
    else if (!request.routeOptions.config.open) request.call.caller = callerOf(verifier, tokenOf(request), peers?.of(request.raw.socket));
    request.call.limit(request, (problem) => sendHttpProblem(problem, request, reply, logger));
    done();
  });
  instance.addHook('onSend', (request, _reply, _payload, done) => {
    request.call.beginAnswer();
    done();
  });
  instance.addHook('onResponse', (request, _reply, done) => {
    letFinish(request.raw);
    done();
  });
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For everybody: health. */
    open?: boolean;
  }
}

function tokenOf({ headers: { authorization } }: FastifyRequest): string | undefined {
  return authorization?.startsWith(bearer) ? authorization.slice(bearer.length) : undefined;
}

function refuseMethod({ raw }: FastifyRequest, paths: KnownPaths): void {
  const allow = paths.methodsOf(raw.url ?? '/').join(', ');
  if (allow) throw new ProblemError('method-not-allowed', { detail: `This path knows: ${allow}.`, headers: { allow } });
}
