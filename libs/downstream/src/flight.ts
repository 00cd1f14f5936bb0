import { GrpcStatus } from '@facet/errors';
import type { ServiceError } from '@grpc/grpc-js';
import type { Call, CallHolder } from './call.js';
import type { Channel, OutgoingRpc } from './channel.js';
import { DeadlineWatch } from './deadline-watch.js';

/** FlightPlan: how calls travel, and who is told what came of it: one of `landed` and `deserted`, once. */
export interface FlightPlan {
  readonly channel: Channel;
  /** Asked at each sending: how much time is left, and for whom, differs. */
  readonly rpc: (calls: readonly Call[]) => OutgoingRpc;
  /** Sends the same once more where there is no answer after so long. */
  readonly hedgeAfterMs: number | undefined;
  /** Whether a hedge may be sent now; claims what it costs. */
  readonly mayHedge: (flight: Flight) => boolean;
  readonly landed: (flight: Flight, failure: ServiceError | null, bytes: Buffer | undefined) => void;
  /** Nobody waits any more. */
  readonly deserted: (flight: Flight) => void;
}

/** After these another sending may still succeed. Anything else is the service's word on the call, whoever carries it (gRFC A6). */
const { UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, RESOURCE_EXHAUSTED } = GrpcStatus;
const passing: ReadonlySet<number> = new Set([UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, RESOURCE_EXHAUSTED]);

/**
 * Flight: some calls on the wire, as one RPC and perhaps its hedge; the first definite answer is theirs. Each who waits leaves at his own
 * deadline; only when nobody waits any more is the RPC cancelled, so that no caller's hurry resets what others wait for.
 */
export class Flight implements CallHolder {
  /** Monotonic milliseconds. */
  readonly sentAt = performance.now();
  readonly #watch = new DeadlineWatch((now) => this.#expire(now));
  readonly #cancels: (() => void)[] = [];
  #hedging: NodeJS.Timeout | undefined;
  #unanswered = 0;
  #living: number;
  #over = false;

  constructor(
    readonly calls: readonly Call[],
    private readonly plan: FlightPlan,
  ) {
    this.#living = calls.length;
    let next = Infinity;
    for (const call of calls) {
      call.holder = this;
      next = Math.min(next, call.nextDeadline);
    }
    this.#watch.cover(next);
    this.#send();
    if (plan.hedgeAfterMs !== undefined) this.#hedging = setTimeout(() => this.#hedge(), plan.hedgeAfterMs);
  }

  /** RPCs that were sent: two where it was hedged. */
  get rpcs(): number {
    return this.#cancels.length;
  }

  /** Milliseconds on the wire so far. */
  get ageMs(): number {
    return performance.now() - this.sentAt;
  }

  /** One of the calls has nobody left who waits for it. */
  deserted(): void {
    if (--this.#living > 0 || this.#over) return;
    this.#close();
    this.plan.deserted(this);
  }

  #send(): void {
    this.#unanswered++;
    const { channel, rpc } = this.plan;
    this.#cancels.push(channel.send(rpc(this.calls), (failure, bytes) => this.#answered(failure, bytes)));
  }

  /** A timer that rang late sends nothing for those whose time is over. */
  #hedge(): void {
    this.#expire(Date.now());
    if (!this.#over && this.plan.mayHedge(this)) this.#send();
  }

  /** A failure that may pass counts only where no other answer can come. */
  #answered(failure: ServiceError | null, bytes: Buffer | undefined): void {
    this.#unanswered--;
    if (this.#over || (failure && this.#unanswered > 0 && passing.has(failure.code))) return;
    this.#close();
    this.plan.landed(this, failure, bytes);
  }

  #close(): void {
    this.#over = true;
    this.#watch.stop();
    clearTimeout(this.#hedging);
    if (this.#unanswered > 0) for (const cancel of this.#cancels) cancel();
  }

  #expire(now: number): number {
    let next = Infinity;
    for (const call of this.calls) next = Math.min(next, call.expire(now));
    return next;
  }
}
