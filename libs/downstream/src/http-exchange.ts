import type { Member } from '@facet/balancing';
import type { EndListener, RequestContext } from '@facet/context';
import { DownstreamError, ProblemError } from '@facet/errors';
import { fullJitterMs } from './backoff.js';
import { callHeaders, only, sentHeaders } from './http-headers.js';
import { HttpTrial } from './http-trial.js';
import type { Exchange, ExchangeAnswer, ExchangeLane, ExchangeRequest, ExchangeWay } from './http-way.js';

const lookMs = 10;

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
  while (!way.known() && Date.now() + lookMs < deadline) await rest(lookMs, context);
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
  if (!member) throw refusal(way, lane, 'unavailable');
  const token = way.minter.mint(context.caller, way.audience);
  if (!lane.bulkhead.depart()) throw refusal(way, lane, 'shed');
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

function refusal({ dependency }: ExchangeWay, { metrics }: ExchangeLane, reason: 'open' | 'shed' | 'unavailable'): DownstreamError {
  metrics.refused(reason);
  return new DownstreamError(dependency, reason);
}

/** So that no part of it means another path than it says: no dots, nothing that is not encoded. */
function checkPath(path: string): void {
  const url = URL.canParse(path, 'http://x') ? new URL(path, 'http://x') : undefined;
  if (url && url.pathname + url.search === path) return;
  throw new ProblemError('invalid-request', { detail: 'The path names nothing.' });
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
