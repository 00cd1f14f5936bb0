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

/** RouteConfig: the configuration of a route, one object for all its requests. */
export type RouteConfig = FastifyRequest['routeOptions']['config'];

/** EdgeRequest: what the edge remembers of one request. */
export class EdgeRequest {
  readonly startedAt = Date.now();
  /** The client's own name of the request, where it sent a fit one: kept beside ours, answered, never a key. */
  readonly clientRequestId: string | undefined;
  context: RequestContext | undefined;
  /** What the router knows of the route. Fastify gathers its `routeOptions` anew whenever they are read. */
  config: RouteConfig | undefined;
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

  /** Ends when the client hangs up before its answer is complete. */
  hangUp(): Ending {
    const ending = new Ending();
    const { response } = this;
    const closed = () => {
      if (!response.writableFinished) ending.end(new ProblemError('client-closed-request'));
    };
    if (response.closed) closed();
    else response.on('close', closed);
    return ending;
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

/** configOf: the configuration of the request's route, asked for once. */
export function configOf(request: FastifyRequest): RouteConfig {
  const { edge } = request;
  edge.config ??= request.routeOptions.config;
  return edge.config;
}

/** requestIdOf: our own name of the request, as logs and services know it. */
export function requestIdOf(request: FastifyRequest): string {
  return request.edge.requestId;
}

function newContext(request: FastifyRequest): RequestContext {
  const { edge, caller, headers } = request;
  if (!caller) throw new ProblemError('unauthenticated');
  const budgetMs = shortened(configOf(request).route?.budgetMs ?? defaultBudgetMs, headers['request-timeout-ms']);
  return new RequestContext({
    caller,
    deadline: edge.startedAt + budgetMs,
    ending: edge.hangUp(),
    requestId: edge.requestId,
    traceparent: typeof headers.traceparent === 'string' ? headers.traceparent : undefined,
    clientAddress: request.ip,
  });
}

function shortened(budgetMs: number, header: string | string[] | undefined): number {
  if (header === undefined) return budgetMs;
  if (typeof header !== 'string' || !/^\d{1,9}$/.test(header)) {
    throw new ProblemError('invalid-request', { detail: 'request-timeout-ms must be a whole number of milliseconds.' });
  }
  return Math.min(budgetMs, Math.max(shortestBudgetMs, Number(header)));
}
