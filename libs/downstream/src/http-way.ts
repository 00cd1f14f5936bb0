import type { Readable } from 'node:stream';
import type { Fleet } from '@facet/balancing';
import type { RequestContext } from '@facet/context';
import type { Bulkhead } from './bulkhead.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import type { HttpTransport } from './http-transport.js';
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
  /** How long the service has for its answer once the body is sent, in milliseconds; the client's deadline unless told. */
  readonly answerMs?: number | undefined;
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
  /** Discovery has said who there is; until then an exchange waits. */
  readonly known: () => boolean;
  /** The way that is taken now. */
  readonly choose: () => ExchangeLane;
  /** What a fleet that hashes goes by. */
  readonly keyOf?: ((context: RequestContext) => string | undefined) | undefined;
  /** How long the service may neither send nor take a byte; 10 s unless told. */
  readonly serviceIdleMs?: number | undefined;
  /** How long the client may neither send nor take a byte; 30 s unless told. */
  readonly clientIdleMs?: number | undefined;
}
