import type { Readable } from 'node:stream';
import type { Fleet, Member } from '@facet/balancing';
import type { EndListener, RequestContext } from '@facet/context';
import { DownstreamError, ProblemError } from '@facet/errors';
import { fullJitterMs } from './backoff.js';
import type { Bulkhead } from './bulkhead.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import { callHeaders, only, sentHeaders } from './http-headers.js';
import type { HttpTransport } from './http-transport.js';
import { HttpTrial } from './http-trial.js';
import type { RetryPolicy } from './policy.js';
import type { Remote } from './remote.js';
import type { RetryBudget } from './retry-budget.js';
import type { MethodMetrics } from './rpc-metrics.js';

/** ExchangeRequest: bytes for a service, and bytes of it, beside its RPCs. */
export interface ExchangeRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** With the query; ids in it are percent-encoded. */
  readonly path: string;
  /** What the client says of the bytes; those that are nobody's business are left out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Stays its owner's: where the exchange fails, it is read no further. */
  readonly body?: Readable | undefined;
  /** Doing it twice is the same as doing it once. */
  readonly repeatable: boolean;
}

/** ExchangeAnswer: what a service answered: 2xx or 304. Who does not read the body to its end destroys it. */
export interface ExchangeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Fails with a DownstreamError where the service does not send it all. */
  readonly body: Readable;
}

/** Exchange: asks a service with bytes. Rejects as the calls of a Client do. */
export type Exchange = (request: ExchangeRequest, context: RequestContext) => Promise<ExchangeAnswer>;

/** ExchangeLane: the instances that an exchange may go to, and the policies that hold there. */
export interface ExchangeLane {
  readonly breaker: Pick<CircuitBreaker, 'admits' | 'departed' | 'landed' | 'left'>;
  readonly bulkhead: Pick<Bulkhead, 'enter' | 'leave' | 'depart' | 'land'>;
  readonly budget: Pick<RetryBudget, 'allows' | 'succeeded' | 'failed'>;
  readonly fleet: Pick<Fleet, 'pick'>;
  readonly metrics: Pick<MethodMetrics, 'departed' | 'landed' | 'retried' | 'refused'>;
  readonly transport: Pick<HttpTransport, 'open'>;
}

/** ExchangeWay: one service, as exchanges reach it. */
export interface ExchangeWay extends Pick<Remote, 'dependency' | 'audience' | 'deadlineMs' | 'reserveMs' | 'minter'> {
  readonly retry: RetryPolicy;
  /** The way that is taken now. */
  readonly choose: () => ExchangeLane;
  /** What a fleet that hashes goes by. */
  readonly keyOf?: ((context: RequestContext) => string | undefined) | undefined;
  /** How long the service may neither send nor take a byte; 10 s unless told. */
  readonly serviceIdleMs?: number | undefined;
  /** How long the client may neither send nor take a byte; 30 s unless told. */
  readonly clientIdleMs?: number | undefined;
}

/**
 * createExchange: requests of bytes under the policies of the service's RPCs. Without a body an answer has to begin within the client's
 * deadline; with one, within that time of its last byte; and always within the request's. Afterwards bytes may take as long as they flow.
 * Tries again what is repeatable, or never had a connection, if nothing was taken of its body. Neither body is ever gathered.
 */
export function createExchange(way: ExchangeWay): Exchange {
  return async (request, context) => {
    context.throwIfEnded(way.dependency);
    checkPath(request.path);
    const lane = way.choose();
    if (!lane.breaker.admits()) throw refusal(way, lane, 'open');
    if (!lane.bulkhead.enter()) throw refusal(way, lane, 'shed');
    try {
      return await tryOften(way, lane, request, context);
    } finally {
      lane.bulkhead.leave();
    }
  };
}

async function tryOften(way: ExchangeWay, first: ExchangeLane, request: ExchangeRequest, context: RequestContext): Promise<ExchangeAnswer> {
  const latest = context.deadline - way.reserveMs;
  const deadline = request.body ? latest : Math.min(latest, Date.now() + way.deadlineMs);
  let lane = first;
  let trial: HttpTrial | undefined;
  for (let attempt = 1; ; attempt++) {
    trial = departure(way, lane, request, context, deadline, trial?.member);
    try {
      return await trial.run();
    } catch (error) {
      const waitMs = waitBefore(error, trial, way, request, attempt);
      if (waitMs === undefined || Date.now() + waitMs >= deadline) throw error;
      const { allows } = lane.budget;
      lane.metrics.retried(1, allows ? 'taken' : 'refused');
      if (!allows) throw error;
      await rest(waitMs, context);
    }
    lane = way.choose();
  }
}

function departure(
  way: ExchangeWay,
  lane: ExchangeLane,
  request: ExchangeRequest,
  context: RequestContext,
  deadline: number,
  except: Member | undefined,
): HttpTrial {
  if (!lane.breaker.admits()) throw refusal(way, lane, 'open');
  const member = lane.fleet.pick(1, way.keyOf?.(context), except);
  if (!member) throw new DownstreamError(way.dependency, 'unavailable');
  if (!lane.bulkhead.depart()) throw refusal(way, lane, 'shed');
  const token = way.minter.mint(context.caller, way.audience);
  const { requestId, traceparent } = context;
  const { 'content-length': length, ...said } = only(sentHeaders, request.headers ?? {});
  const headers = {
    ...said,
    ...(request.body && length !== undefined && { 'content-length': length }),
    ...callHeaders({ token, requestId, traceparent }, deadline),
  };
  return new HttpTrial(way, lane, { ...request, headers, member, deadline }, context.ending);
}

/** Milliseconds after which to try again; undefined where not at all. An overloaded service is asked again only where it says when. */
function waitBefore(error: unknown, trial: HttpTrial, { retry }: ExchangeWay, { repeatable }: ExchangeRequest, attempt: number) {
  if (!(error instanceof DownstreamError) || attempt >= retry.attempts) return undefined;
  const { reason, pushbackMs } = error;
  const passes = reason === 'unavailable' || reason === 'timeout' || (reason === 'shed' && pushbackMs !== undefined);
  const may = !trial.bodyTaken && (repeatable || !trial.connected);
  return passes && may ? (pushbackMs ?? fullJitterMs(attempt, retry)) : undefined;
}

function refusal({ dependency }: ExchangeWay, { metrics }: ExchangeLane, reason: 'open' | 'shed'): DownstreamError {
  metrics.refused(reason);
  return new DownstreamError(dependency, reason);
}

/** So that no part of it means another path than it says: no dots, nothing that is not encoded. */
function checkPath(path: string): void {
  const { pathname, search } = new URL(path, 'http://x');
  if (pathname + search !== path) throw new ProblemError('invalid-request', { detail: 'The path names nothing.' });
}

function rest(ms: number, { ending }: RequestContext): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      ending.delete(gone);
      resolve();
    }, ms);
    const gone: EndListener = {
      end: (cause) => {
        clearTimeout(timer);
        reject(new ProblemError('client-closed-request', { cause }));
      },
    };
    ending.add(gone);
  });
}
