import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Ending, RequestContext, type Caller } from '@facet/context';
import { ProblemError, type ProblemCode } from '@facet/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Route } from './route.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the edge knows of this request; set by its first hook. */
    edge: EdgeRequest;
    /** Who is calling; set by the authentication guard. */
    caller?: Caller;
  }
  interface FastifyContextConfig {
    route?: Route;
  }
}

const acceptedRequestId = /^[A-Za-z0-9._-]{8,64}$/;
const shortestBudgetMs = 100;
const defaultBudgetMs = 1000;

/** EdgeRequest: what the edge remembers of one request. */
export class EdgeRequest {
  readonly startedAt = Date.now();
  /** The client's own name of the request, where it sent a fit one: kept beside ours, answered, never a key. */
  readonly clientRequestId: string | undefined;
  context: RequestContext | undefined;
  /** The parsed body, once somebody asked for it. */
  body: { readonly value: unknown } | undefined;
  /** Why it failed, for the access log. */
  problem: ProblemCode | undefined;

  constructor(
    readonly requestId: string,
    clientRequestId: unknown,
    private readonly response: ServerResponse,
  ) {
    this.clientRequestId = typeof clientRequestId === 'string' && acceptedRequestId.test(clientRequestId) ? clientRequestId : undefined;
  }

  /** The name by which the client may ask about this request. */
  get publicId(): string {
    return this.clientRequestId ?? this.requestId;
  }

  /** Aborted when the client hangs up before its answer is complete. */
  hangUpSignal(): AbortSignal {
    const controller = new AbortController();
    const { response } = this;
    const abort = () => {
      if (!response.writableFinished) controller.abort(new ProblemError('client-closed-request'));
    };
    if (response.closed) abort();
    else response.once('close', abort);
    return controller.signal;
  }
}

/** newRequestId: our own name of a request. */
export function newRequestId(): string {
  return randomUUID();
}

/** beginRequest: gives a request its EdgeRequest and answers its id. */
export function beginRequest(request: FastifyRequest, reply: FastifyReply): void {
  const edge = new EdgeRequest(request.id, request.headers['x-request-id'], reply.raw);
  request.edge = edge;
  reply.header('x-request-id', edge.publicId);
  if (edge.clientRequestId) reply.header('facet-request-id', edge.requestId);
}

/**
 * contextOf: the one RequestContext of a request, made on first use, after the guards established `request.caller`. Its deadline is the route's budget
 * from the request's arrival, or less where the client says so in `request-timeout-ms`.
 */
export function contextOf(request: FastifyRequest): RequestContext {
  const { edge } = request;
  edge.context ??= newContext(request);
  return edge.context;
}

/** requestIdOf: our own name of the request, as logs and services know it. */
export function requestIdOf(request: FastifyRequest): string {
  return request.edge.requestId;
}

function newContext(request: FastifyRequest): RequestContext {
  const { edge, caller, routeOptions, headers } = request;
  if (!caller) throw new ProblemError('unauthenticated');
  const budgetMs = shortened(routeOptions.config.route?.budgetMs ?? defaultBudgetMs, headers['request-timeout-ms']);
  return new RequestContext({
    caller,
    deadline: edge.startedAt + budgetMs,
    ending: Ending.of(edge.hangUpSignal()),
    requestId: edge.requestId,
    ...(typeof headers.traceparent === 'string' ? { traceparent: headers.traceparent } : {}),
  });
}

function shortened(budgetMs: number, header: string | string[] | undefined): number {
  if (header === undefined) return budgetMs;
  if (typeof header !== 'string' || !/^\d{1,9}$/.test(header)) {
    throw new ProblemError('invalid-request', { detail: 'request-timeout-ms must be a whole number of milliseconds.' });
  }
  return Math.min(budgetMs, Math.max(shortestBudgetMs, Number(header)));
}
