import type { Landing, Member } from '@facet/balancing';
import type { Caller } from '@facet/context';
import type { ServiceError } from '@grpc/grpc-js';
import { DownstreamError, GrpcStatus, ProblemError } from '@facet/errors';
import { effectsOf, failureOf, pathOf, pushbackOf } from '@facet/service-kit/wire';
import { fullJitterMs } from './backoff.js';
import type { Call } from './call.js';
import { DepartureQueue } from './departure-queue.js';
import { Flight } from './flight.js';
import { oldestOf } from './form-batches.js';
import { Lanes, type Lane } from './lanes.js';
import { LatencyWindow } from './latency-window.js';
import { MethodWire } from './method-wire.js';
import { policyFor, type CallPolicy } from './policy.js';
import type { Remote } from './remote.js';
import { RetryBudget } from './retry-budget.js';
import type { MethodMetrics, Outcome } from './rpc-metrics.js';

/** A timeout blames the service only if it had this part of the usual deadline. */
const fairShare = 0.5;
/**
 * A budget for halving, as a service that refuses every batch would get each of them in ever smaller pieces. A halving takes a token, an
 * RPC with an answer brings one back; nothing is halved while half of the tokens or fewer are left.
 */
const halvings = { tokens: 100, ratio: 1 };

/** Refused: told of each call that the service said no to: who asked first, and the request. */
export type Refused = (caller: Caller, request: Buffer) => void;

/** The way that a flight took, and the era of its breaker then. */
interface Course {
  readonly lane: Lane;
  readonly era: number;
}

/**
 * Departures: how the calls to one method leave together, and what is made of their landing: the answer, the error, another try, or two
 * halves of a batch that was refused whole. Tells breaker, retry budget and metrics, counting calls, and the member that it was.
 */
export class Departures {
  readonly queue: DepartureQueue;
  readonly #remote: Remote;
  readonly #wire: MethodWire;
  readonly #policy: CallPolicy;
  readonly #repeatable: boolean;
  readonly #lanes: Lanes;
  readonly #latency = new LatencyWindow();
  readonly #halvings = new RetryBudget(halvings);

  constructor(
    remote: Remote,
    name: string,
    private readonly refused?: Refused,
  ) {
    this.#remote = remote;
    this.#policy = policyFor(remote.policy, name);
    const { balance, batch } = this.#policy;
    const { mostItems, mostBytes, outstanding } = batch;
    const wire = new MethodWire(remote, name, mostItems > 1);
    this.#wire = wire;
    this.#repeatable = effectsOf(wire.single) !== 'unknown';
    this.#lanes = new Lanes(remote, pathOf(remote.service, wire.single), this.#policy.breaker);
    this.queue = new DepartureQueue({
      slots: () => (wire.batches ? outstanding * this.#lanes.breadth : this.#lanes.breadth && Infinity),
      bounds: { mostItems: wire.batches ? mostItems : 1, mostBytes, bytesPerAnswer: () => wire.bytesPerAnswer },
      homeOf: balance.policy === 'ip_hash' ? ({ affinity }) => this.#lanes.homeOf(affinity) : undefined,
      latency: this.#latency,
      depart: (calls) => this.#try(calls),
    });
  }

  /** A call may queue. */
  admits(): boolean {
    return this.#lanes.admits();
  }

  /** Of the target itself, not of its backup. */
  get metrics(): MethodMetrics {
    return this.#lanes.primary.metrics;
  }

  #try(calls: readonly Call[]): Flight | undefined {
    for (const call of calls) call.attempts++;
    return this.#depart(calls);
  }

  #depart(calls: readonly Call[]): Flight | undefined {
    const lane = this.#lanes.choose();
    const { roster, bulkhead } = lane.tier;
    const [first] = calls;
    if (!lane.breaker.admits()) return this.#refuse(calls, 'open');
    const member = roster.fleet.pick(calls.length, first!.affinity, first!.triedAt);
    if (!member) return this.#refuse(calls, 'unavailable');
    if (!bulkhead.depart()) return this.#refuse(calls, 'shed');
    return this.#send(calls, member, { lane, era: lane.breaker.departed() });
  }

  #send(calls: readonly Call[], member: Member, course: Course): Flight {
    const { metrics, tier } = course.lane;
    metrics.departed(calls.length, performance.now() - oldestOf(calls));
    for (const call of calls) call.triedAt = member;
    return new Flight(calls, {
      member,
      send: (calls, member, answered) => tier.channel.send(this.#wire.rpcOf(calls, member), answered),
      hedgeAfterMs: this.#repeatable ? this.#policy.hedgeAfterMs : undefined,
      mayHedge: (flight) => this.#mayHedge(flight, course),
      landed: (flight, failure, bytes) => this.#landed(flight, course, failure, bytes),
      deserted: (flight) => this.#deserted(flight, course),
    });
  }

  #refuse(calls: readonly Call[], reason: 'open' | 'shed' | 'unavailable'): undefined {
    for (const call of calls) {
      this.metrics.refused(reason);
      call.reject(new DownstreamError(this.#remote.dependency, reason));
    }
  }

  #mayHedge({ calls }: Flight, { lane }: Course): Member | undefined {
    const { roster, budget, bulkhead } = lane.tier;
    const [first] = calls;
    const member = budget.allows ? roster.fleet.pick(calls.length, first!.affinity, first!.triedAt) : undefined;
    if (!member || !bulkhead.depart()) return undefined;
    budget.failed(calls.length);
    lane.metrics.hedged(calls.length);
    return member;
  }

  #landed(flight: Flight, course: Course, failure: ServiceError | null, bytes: Buffer | undefined): void {
    if (failure) return this.#failed(flight, course, failure);
    const outcomes = this.#wire.read(flight.calls, bytes);
    this.#over(flight, course, outcomes instanceof ProblemError ? outcomes.code : 'ok');
    this.#latency.record(flight.ageMs);
    this.#halvings.succeeded(1);
    this.#settle(flight, course, outcomes);
  }

  #failed(flight: Flight, course: Course, failure: ServiceError): void {
    const { calls } = flight;
    const { dependency } = this.#remote;
    const error = failureOf(dependency, failure, failure);
    this.#over(flight, course, error.code);
    if (!refusedWhole(failure)) return this.#settle(flight, course, error);
    if (calls.length > 1 && this.#repeatable && this.#mayHalve()) return this.#halve(flight, course);
    const blameless = calls.length > 1 && !(error instanceof DownstreamError);
    this.#settle(flight, course, blameless ? new DownstreamError(dependency, 'invalid', { cause: error }) : error);
  }

  #mayHalve(): boolean {
    const { allows } = this.#halvings;
    if (allows) this.#halvings.failed(1);
    return allows;
  }

  /** Nobody waits any more. Timeouts say something about the service, callers who went away do not. */
  #deserted(flight: Flight, course: Course): void {
    const late = this.#isFair(flight) ? flight.calls.filter(({ timedOut }) => timedOut).length : 0;
    this.#over(flight, course, late > 0 ? 'deadline-exceeded' : 'client-closed-request');
    this.#tell(flight, course, 0, late);
  }

  #over(flight: Flight, { lane }: Course, outcome: Outcome): void {
    for (let rpc = 0; rpc < flight.rpcs; rpc++) lane.tier.bulkhead.land();
    lane.metrics.landed(outcome, flight.ageMs);
    this.queue.landed(flight);
  }

  #settle(flight: Flight, course: Course, outcomes: readonly unknown[] | ProblemError): void {
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
    this.#tell(flight, course, succeeded, failed);
    if (unanswered > 0) this.#answerWithout(calls, course, outcomeAt, fair);
  }

  /** Calls without a usable answer are tried again or fail. A timeout that blamed nobody costs a token once it is tried again. */
  #answerWithout(calls: readonly Call[], course: Course, outcomeAt: (at: number) => unknown, fair: boolean): void {
    const errors = new Map<Call, DownstreamError>();
    calls.forEach((call, at) => {
      const outcome = outcomeAt(at);
      if (outcome instanceof DownstreamError) errors.set(call, outcome);
    });
    const pushbackMs = Math.max(...Array.from(errors.values(), ({ pushbackMs = -1 }) => pushbackMs));
    const waitMs = pushbackMs < 0 ? fullJitterMs(calls[0]!.attempts, this.#policy.retry) : pushbackMs;
    const wakeAt = Date.now() + waitMs;
    const worthy = [...errors].filter(([call, error]) => this.#isWorthAnother(call, error) && call.deadline > wakeAt);
    if (!fair) course.lane.tier.budget.failed(worthy.filter(([, { reason }]) => reason === 'timeout').length);
    for (const call of this.#retry(worthy, course, waitMs)) errors.delete(call);
    for (const [call, error] of errors) call.reject(error);
  }

  #denied(call: Call, error: Error): void {
    if (call.context) this.refused?.(call.context.caller, call.bytes);
    call.reject(error);
  }

  #tell(flight: Flight, { lane: { tier, breaker }, era }: Course, succeeded: number, failed: number): void {
    breaker.landed(succeeded, failed, era);
    tier.budget.succeeded(succeeded);
    tier.budget.failed(failed);
    flight.land(landingOf(succeeded, failed));
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
  #retry(worthy: readonly (readonly [Call, DownstreamError])[], { lane }: Course, waitMs: number): readonly Call[] {
    if (worthy.length === 0) return [];
    const { allows } = lane.tier.budget;
    lane.metrics.retried(worthy.length, allows ? 'taken' : 'refused');
    if (!allows) return [];
    const calls = worthy.map(([call]) => call);
    this.queue.rest(calls, waitMs);
    return calls;
  }

  /**
   * A batch that was refused for its size, or for one bad item, goes on as two, until who is to blame is alone. The breaker is told nothing
   * of the batch, and asked anew for each half: it may have opened meanwhile, and lets only one of a probe's halves through.
   */
  #halve(flight: Flight, { lane, era }: Course): void {
    const now = Date.now();
    const living = flight.calls.filter((call) => call.expire(now) !== Infinity);
    lane.breaker.left(era);
    flight.land('left');
    const middle = Math.ceil(living.length / 2);
    for (const half of [living.slice(0, middle), living.slice(middle)]) {
      const flight = half.length > 0 && this.#depart(half);
      if (flight) this.queue.follow(flight);
    }
  }
}

/** One answer is a sign of life; callers who went away say nothing. */
function landingOf(succeeded: number, failed: number): Landing {
  if (succeeded > 0) return 'succeeded';
  return failed > 0 ? 'failed' : 'left';
}

/** Where the service is overloaded it says so by pushback; without it the batch itself was the matter. */
function refusedWhole({ code, metadata }: ServiceError): boolean {
  return (code === GrpcStatus.RESOURCE_EXHAUSTED && pushbackOf(metadata) === undefined) || code === GrpcStatus.INVALID_ARGUMENT;
}
