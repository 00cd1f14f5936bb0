import type { ProblemCode } from '@facet/errors';
import { counter, durationBuckets, gauge, histogram, type Counter, type Gauge, type Histogram } from '@facet/observability';
import type { BreakerState } from './circuit-breaker.js';

const labels = ['dependency', 'target', 'method'] as const;

const rpcs = counter({
  name: 'facet_downstream_rpcs_total',
  help: 'RPCs that ended on the wire, retries included, a hedged one once, by outcome: ok, or the code of the problem.',
  labels: [...labels, 'outcome'],
});
const durations = histogram({
  name: 'rpc_client_call_duration_seconds',
  help: 'Time from the departure of an RPC until it ended.',
  labels: ['rpc_system_name', 'rpc_method', 'server_address', 'error_type'],
  buckets: durationBuckets,
});
const items = histogram({
  name: 'facet_downstream_batch_items',
  help: 'Calls that travelled together in one RPC.',
  labels,
  buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
});
const queues = histogram({
  name: 'facet_downstream_queue_seconds',
  help: 'Time that the oldest call of an RPC waited for its departure.',
  labels,
  buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
});
const retries = counter({
  name: 'facet_downstream_retries_total',
  help: 'Calls that could be tried again, by what the retry budget said: taken or refused.',
  labels: [...labels, 'decision'],
});
const hedges = counter({ name: 'facet_downstream_hedges_total', help: 'Calls sent once more before the first answer came.', labels });
const coalesced = counter({
  name: 'facet_downstream_coalesced_calls_total',
  help: 'Calls that joined an equal one that had not left yet.',
  labels,
});
const refused = counter({
  name: 'facet_downstream_refused_calls_total',
  help: 'Calls that failed at once, by why: open (the breaker), shed (the bulkhead) or unavailable (no instance).',
  labels: [...labels, 'reason'],
});
const breakers = gauge({ name: 'facet_downstream_breaker_state', help: 'State of the breaker: 0 closed, 1 half open, 2 open.', labels });
const inFlight = gauge({ name: 'facet_downstream_rpcs_in_flight', help: 'RPCs on the wire.', labels });

const numberOf = { closed: 0, half_open: 1, open: 2 } as const satisfies Record<BreakerState, number>;

/** Outcome: how an RPC ended. */
export type Outcome = 'ok' | ProblemCode;

interface Ended {
  readonly count: Counter.Internal;
  readonly duration: Histogram.Internal<string>;
}

/**
 * MethodMetrics: what one method of one target is counted by, its labels resolved once. `method` may be the path of the RPC; the duration
 * then bears the full name, as OpenTelemetry's RPC conventions say, all else the short one.
 */
export class MethodMetrics {
  readonly #labels: { readonly dependency: string; readonly target: string; readonly method: string };
  readonly #fullMethod: string;
  readonly #items: Histogram.Internal<string>;
  readonly #queue: Histogram.Internal<string>;
  readonly #inFlight: Gauge.Internal<string>;
  readonly #coalesced: Counter.Internal;
  readonly #ended = new Map<Outcome, Ended>();

  constructor(
    dependency: string,
    target: string,
    method: string,
    private readonly kind: 'grpc' | 'http' = 'grpc',
  ) {
    this.#labels = { dependency, target, method: methodIn(method) };
    this.#fullMethod = method.replace(/^\//, '');
    this.#items = items.labels(this.#labels);
    this.#queue = queues.labels(this.#labels);
    this.#inFlight = inFlight.labels(this.#labels);
    this.#coalesced = coalesced.labels(this.#labels);
    this.#endedWith('ok').count.inc(0);
    this.#inFlight.set(0);
    this.breaker('closed');
  }

  /** An RPC of so many calls leaves; the oldest of them has waited for `queuedMs`. */
  departed(calls: number, queuedMs: number): void {
    this.#inFlight.inc();
    this.#items.observe(calls);
    this.#queue.observe(queuedMs / 1_000);
  }

  /** An RPC that departed has ended, whichever way. */
  landed(outcome: Outcome, ms: number): void {
    const { count, duration } = this.#endedWith(outcome);
    this.#inFlight.dec();
    count.inc();
    duration.observe(ms / 1_000);
  }

  /** So many calls failed with what could be tried again, and the budget let them or not. */
  retried(calls: number, decision: 'taken' | 'refused'): void {
    retries.inc({ ...this.#labels, decision }, calls);
  }

  /** So many calls were sent once more. */
  hedged(calls: number): void {
    hedges.inc(this.#labels, calls);
  }

  /** A call joined an equal one. */
  coalesced(): void {
    this.#coalesced.inc();
  }

  /** A call failed at once. */
  refused(reason: 'open' | 'shed' | 'unavailable'): void {
    refused.inc({ ...this.#labels, reason });
  }

  /** The breaker is in another state. */
  breaker(state: BreakerState): void {
    breakers.set(this.#labels, numberOf[state]);
  }

  #endedWith(outcome: Outcome): Ended {
    const known = this.#ended.get(outcome);
    if (known) return known;
    const made = {
      count: rpcs.labels({ ...this.#labels, outcome }),
      duration: durations.labels({
        rpc_system_name: this.kind,
        rpc_method: this.#fullMethod,
        server_address: this.#labels.target,
        error_type: outcome === 'ok' ? '' : outcome,
      }),
    };
    this.#ended.set(outcome, made);
    return made;
  }
}

function methodIn(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
