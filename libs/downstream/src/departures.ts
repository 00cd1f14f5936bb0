import type { Caller } from '@facet/context';
import type { ServiceError } from '@grpc/grpc-js';
import { DownstreamError, GrpcStatus, ProblemError } from '@facet/errors';
import { effectsOf, failureOf, methodOf, pathOf, pushbackOf, type MethodDefinition } from '@facet/service-kit/wire';
import { fullJitterMs } from './backoff.js';
import { readBatch, writeBatch } from './batch-wire.js';
import type { Call } from './call.js';
import type { OutgoingRpc } from './channel.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { DepartureQueue } from './departure-queue.js';
import { Flight } from './flight.js';
import { oldestOf } from './form-batches.js';
import { LatencyWindow } from './latency-window.js';
import { MessageReader } from './message-reader.js';
import { policyFor, type CallPolicy } from './policy.js';
import type { Remote } from './remote.js';
import { RetryBudget } from './retry-budget.js';
import { MethodMetrics } from './rpc-metrics.js';
import { parseTarget } from './target.js';

/** The part of the earliest deadline by which a batch is to be answered: the rest is for the way back. */
const answerShare = 0.95;
/** A timeout blames the service only if it had this part of the usual deadline. */
const fairShare = 0.5;
const learning = 0.2;
/**
 * A budget for halving, as a service that refuses every batch would get each of them in ever smaller pieces. A halving takes a token, an
 * RPC with an answer brings one back; nothing is halved while half of the tokens or fewer are left.
 */
const halvings = { tokens: 100, ratio: 1 };

/** Refused: told of each call that the service said no to: who asked first, and the request. */
export type Refused = (caller: Caller, request: Buffer) => void;

/**
 * Departures: how the calls to one method leave together, and what is made of their landing: the answer, the error, another try, or two
 * halves of a batch that was refused whole. Tells breaker, retry budget and metrics, counting calls.
 */
export class Departures {
  readonly queue: DepartureQueue;
  readonly metrics: MethodMetrics;
  readonly #remote: Remote;
  readonly #single: MethodDefinition;
  readonly #twin: MethodDefinition | undefined;
  readonly #policy: CallPolicy;
  readonly #repeatable: boolean;
  readonly #breaker: CircuitBreaker;
  readonly #latency = new LatencyWindow();
  readonly #halvings = new RetryBudget(halvings);
  #bytesPerAnswer = 1;

  constructor(
    remote: Remote,
    name: string,
    private readonly refused?: Refused,
  ) {
    const { service, policy, dependency, target } = remote;
    const twin = service.batchedBy[name];
    this.#remote = remote;
    this.#single = methodOf(service, name);
    this.#policy = policyFor(policy, name);
    this.#repeatable = effectsOf(this.#single) !== 'unknown';
    this.metrics = new MethodMetrics(dependency, target, pathOf(service, this.#single));
    this.#breaker = new CircuitBreaker(this.#policy.breaker);
    this.#breaker.onChange = (state) => this.metrics.breaker(state);
    const { mostItems, mostBytes, outstanding } = this.#policy.batch;
    const batches = twin !== undefined && mostItems > 1;
    this.#twin = batches ? methodOf(service, twin) : undefined;
    this.queue = new DepartureQueue({
      slots: batches ? outstanding * parseTarget(target).instances : Infinity,
      bounds: { mostItems: batches ? mostItems : 1, mostBytes, bytesPerAnswer: () => this.#bytesPerAnswer },
      latency: this.#latency,
      depart: (calls) => this.#try(calls),
    });
  }

  /** A call may queue. */
  admits(): boolean {
    return this.#breaker.admits();
  }

  #try(calls: readonly Call[]): Flight | undefined {
    for (const call of calls) call.attempts++;
    return this.#depart(calls);
  }

  #depart(calls: readonly Call[]): Flight | undefined {
    if (!this.#breaker.admits()) return this.#refuse(calls, 'open');
    if (!this.#remote.bulkhead.depart()) return this.#refuse(calls, 'shed');
    return this.#send(calls, this.#breaker.departed());
  }

  #send(calls: readonly Call[], era: number): Flight {
    this.metrics.departed(calls.length, performance.now() - oldestOf(calls));
    return new Flight(calls, {
      channel: this.#remote.channel,
      rpc: this.#rpcOf,
      hedgeAfterMs: this.#repeatable ? this.#policy.hedgeAfterMs : undefined,
      mayHedge: (flight) => this.#mayHedge(flight),
      landed: (flight, failure, bytes) => this.#landed(flight, era, failure, bytes),
      deserted: (flight) => this.#deserted(flight, era),
    });
  }

  #refuse(calls: readonly Call[], reason: 'open' | 'shed'): undefined {
    for (const call of calls) {
      this.metrics.refused(reason);
      call.reject(new DownstreamError(this.#remote.dependency, reason));
    }
  }

  /**
   * What is sent now: one call as itself, several as one call of the batch method. It may take as long as the most patient caller waits,
   * and the service is told by when the least patient one needs what there is.
   */
  readonly #rpcOf = (calls: readonly Call[]): OutgoingRpc => {
    const { service } = this.#remote;
    const [first] = calls;
    const { requestId = '', traceparent } = first!.context ?? {};
    let [earliest, last] = [Infinity, 0];
    for (const call of calls) {
      earliest = Math.min(earliest, call.nextDeadline);
      last = Math.max(last, call.deadline);
    }
    if (calls.length === 1 || !this.#twin) {
      const { token, bytes } = first!;
      return { path: pathOf(service, this.#single), bytes, headers: { token, requestId, traceparent }, deadline: last };
    }
    const answerWithinMs = Math.max(1, (earliest - Date.now()) * answerShare);
    return {
      path: pathOf(service, this.#twin),
      bytes: writeBatch(calls),
      headers: { requestId, traceparent, answerWithinMs },
      deadline: last,
    };
  };

  #mayHedge({ calls }: Flight): boolean {
    const { budget, bulkhead } = this.#remote;
    if (!budget.allows || !bulkhead.depart()) return false;
    budget.failed(calls.length);
    this.metrics.hedged(calls.length);
    return true;
  }

  #landed(flight: Flight, era: number, failure: ServiceError | null, bytes: Buffer | undefined): void {
    if (failure) return this.#failed(flight, era, failure);
    const outcomes = this.#read(flight.calls, bytes);
    this.#over(flight, outcomes instanceof ProblemError ? outcomes.code : 'ok');
    this.#latency.record(flight.ageMs);
    this.#halvings.succeeded(1);
    this.#settle(flight, era, outcomes);
  }

  #failed(flight: Flight, era: number, failure: ServiceError): void {
    const { calls } = flight;
    const { dependency } = this.#remote;
    const error = failureOf(dependency, failure, failure);
    this.#over(flight, error.code);
    if (!refusedWhole(failure)) return this.#settle(flight, era, error);
    if (calls.length > 1 && this.#repeatable && this.#mayHalve()) return this.#halve(calls, era);
    const blameless = calls.length > 1 && !(error instanceof DownstreamError);
    this.#settle(flight, era, blameless ? new DownstreamError(dependency, 'invalid', { cause: error }) : error);
  }

  #mayHalve(): boolean {
    const { allows } = this.#halvings;
    if (allows) this.#halvings.failed(1);
    return allows;
  }

  /** Nobody waits any more. Timeouts say something about the service, callers who went away do not. */
  #deserted(flight: Flight, era: number): void {
    const late = this.#isFair(flight) ? flight.calls.filter(({ timedOut }) => timedOut).length : 0;
    this.#over(flight, late > 0 ? 'deadline-exceeded' : 'client-closed-request');
    this.#tell(era, 0, late);
  }

  #over(flight: Flight, outcome: Parameters<MethodMetrics['landed']>[0]): void {
    for (let rpc = 0; rpc < flight.rpcs; rpc++) this.#remote.bulkhead.land();
    this.metrics.landed(outcome, flight.ageMs);
    this.queue.landed(flight);
  }

  /** What each call is answered with, or why none of them is. */
  #read(calls: readonly Call[], bytes: Buffer | undefined): readonly unknown[] | DownstreamError {
    const { dependency } = this.#remote;
    try {
      if (!bytes) throw new Error('The answer has no message');
      this.#bytesPerAnswer += learning * (bytes.length / calls.length - this.#bytesPerAnswer);
      if (calls.length === 1) return [this.#single.responseType.decode(new MessageReader(bytes))];
      return readBatch(dependency, this.#single.responseType, bytes, calls.length);
    } catch (cause) {
      return new DownstreamError(dependency, 'invalid', { cause });
    }
  }

  #settle(flight: Flight, era: number, outcomes: readonly unknown[] | ProblemError): void {
    const { calls } = flight;
    const outcomeAt = (at: number) => (outcomes instanceof ProblemError ? outcomes : outcomes[at]);
    const fair = this.#isFair(flight);
    let [succeeded, failed, unanswered] = [0, 0, 0];
    for (let at = 0; at < calls.length; at++) {
      const call = calls[at]!;
      const outcome = outcomeAt(at);
      if (outcome instanceof DownstreamError) {
        unanswered++;
        if (outcome.reason !== 'timeout' || fair) failed++;
      } else if (!call.living) {
        if (call.timedOut && fair) failed++;
      } else {
        succeeded++;
        if (outcome instanceof Error) this.#denied(call, outcome);
        else call.resolve(outcome);
      }
    }
    this.#tell(era, succeeded, failed);
    if (unanswered > 0) this.#answerWithout(calls, outcomeAt, fair);
  }

  /** Calls without a usable answer are tried again or fail. A timeout that blamed nobody costs a token once it is tried again. */
  #answerWithout(calls: readonly Call[], outcomeAt: (at: number) => unknown, fair: boolean): void {
    const errors = new Map<Call, DownstreamError>();
    calls.forEach((call, at) => {
      const outcome = outcomeAt(at);
      if (outcome instanceof DownstreamError) errors.set(call, outcome);
    });
    const pushbackMs = Math.max(...Array.from(errors.values(), ({ pushbackMs = -1 }) => pushbackMs));
    const waitMs = pushbackMs < 0 ? fullJitterMs(calls[0]!.attempts, this.#policy.retry) : pushbackMs;
    const wakeAt = Date.now() + waitMs;
    const worthy = [...errors].filter(([call, error]) => this.#isWorthAnother(call, error) && call.deadline > wakeAt);
    if (!fair) this.#remote.budget.failed(worthy.filter(([, { reason }]) => reason === 'timeout').length);
    for (const call of this.#retry(worthy, waitMs)) errors.delete(call);
    for (const [call, error] of errors) call.reject(error);
  }

  #denied(call: Call, error: Error): void {
    if (call.context) this.refused?.(call.context.caller, call.bytes);
    call.reject(error);
  }

  #tell(era: number, succeeded: number, failed: number): void {
    this.#breaker.landed(succeeded, failed, era);
    this.#remote.budget.succeeded(succeeded);
    this.#remote.budget.failed(failed);
  }

  #isFair({ ageMs }: Flight): boolean {
    return ageMs >= this.#remote.deadlineMs * fairShare;
  }

  /** An overloaded service is asked again only where it says when. */
  #isWorthAnother({ living, attempts }: Call, { reason, pushbackMs }: DownstreamError): boolean {
    const passes = reason === 'unavailable' || reason === 'timeout' || (reason === 'shed' && pushbackMs !== undefined);
    return passes && living && this.#repeatable && attempts < this.#policy.retry.attempts;
  }

  /** Lets calls be tried again, if the budget has it; gives those that will be. */
  #retry(worthy: readonly (readonly [Call, DownstreamError])[], waitMs: number): readonly Call[] {
    if (worthy.length === 0) return [];
    const { allows } = this.#remote.budget;
    this.metrics.retried(worthy.length, allows ? 'taken' : 'refused');
    if (!allows) return [];
    const calls = worthy.map(([call]) => call);
    this.queue.rest(calls, waitMs);
    return calls;
  }

  /**
   * A batch that was refused for its size, or for one bad item, goes on as two, until who is to blame is alone. The breaker is told nothing
   * of the batch, and asked anew for each half: it may have opened meanwhile, and lets only one of a probe's halves through.
   */
  #halve(calls: readonly Call[], era: number): void {
    const now = Date.now();
    const living = calls.filter((call) => call.expire(now) !== Infinity);
    this.#breaker.left(era);
    const middle = Math.ceil(living.length / 2);
    for (const half of [living.slice(0, middle), living.slice(middle)]) {
      const flight = half.length > 0 && this.#depart(half);
      if (flight) this.queue.follow(flight);
    }
  }
}

/** Where the service is overloaded it says so by pushback; without it the batch itself was the matter. */
function refusedWhole({ code, metadata }: ServiceError): boolean {
  return (code === GrpcStatus.RESOURCE_EXHAUSTED && pushbackOf(metadata) === undefined) || code === GrpcStatus.INVALID_ARGUMENT;
}
