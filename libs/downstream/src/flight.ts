import type { Landing, Member } from '@facet/balancing';
import { GrpcStatus } from '@facet/errors';
import type { ServiceError } from '@grpc/grpc-js';
import type { Call, CallHolder } from './call.js';
import type { Answered } from './channel.js';
import { DeadlineWatch } from './deadline-watch.js';

/** FlightPlan: how calls travel, and who is told what came of it: one of `landed` and `deserted`, once; whoever is told lets the flight `land`. */
export interface FlightPlan {
  /** Where they go. */
  readonly member: Member;
  /** Asked at each sending: how much time is left, and for whom, differs. Returns how to cancel. */
  readonly send: (calls: readonly Call[], member: Member, answered: Answered) => () => void;
  /** Sends the same once more where there is no answer after so long. */
  readonly hedgeAfterMs: number | undefined;
  /** Where a hedge may be sent now; claims what it costs. */
  readonly mayHedge: (flight: Flight) => Member | undefined;
  readonly landed: (flight: Flight, failure: ServiceError | null, bytes: Buffer | undefined) => void;
  /** Nobody waits any more. */
  readonly deserted: (flight: Flight) => void;
}

/** One RPC to one member. */
class Sending {
  cancel: (() => void) | undefined;
  #sentAt: number | undefined = performance.now();

  constructor(
    readonly member: Member,
    private readonly items: number,
  ) {
    member.departed(items);
  }

  /** Tells the member, once. */
  land(landing: Landing): void {
    if (this.#sentAt === undefined) return;
    this.member.landed(this.items, performance.now() - this.#sentAt, landing);
    this.#sentAt = undefined;
  }
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
  readonly #sendings: Sending[] = [];
  #hedging: NodeJS.Timeout | undefined;
  #unanswered = 0;
  #answeredBy: Sending | undefined;
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
    this.#send(plan.member);
    if (plan.hedgeAfterMs !== undefined) this.#hedging = setTimeout(() => this.#hedge(), plan.hedgeAfterMs);
  }

  /** RPCs that were sent: two where it was hedged. */
  get rpcs(): number {
    return this.#sendings.length;
  }

  /** Milliseconds on the wire so far. */
  get ageMs(): number {
    return performance.now() - this.sentAt;
  }

  /** What came of it, for the members: of the one that answered, or where none did of all. Who was sent a hedge in vain is not blamed. */
  land(landing: Landing): void {
    for (const sending of this.#sendings) sending.land(this.#answeredBy === undefined || sending === this.#answeredBy ? landing : 'left');
  }

  /** One of the calls has nobody left who waits for it. */
  deserted(): void {
    if (--this.#living > 0 || this.#over) return;
    this.#close();
    this.plan.deserted(this);
  }

  #send(member: Member): void {
    const sending = new Sending(member, this.calls.length);
    this.#unanswered++;
    this.#sendings.push(sending);
    sending.cancel = this.plan.send(this.calls, member, (failure, bytes) => this.#answered(sending, failure, bytes));
  }

  /** A timer that rang late sends nothing for those whose time is over. */
  #hedge(): void {
    this.#expire(Date.now());
    const member = this.#over ? undefined : this.plan.mayHedge(this);
    if (member) this.#send(member);
  }

  /** A failure that may pass counts only where no other answer can come. */
  #answered(sending: Sending, failure: ServiceError | null, bytes: Buffer | undefined): void {
    this.#unanswered--;
    if (this.#over) return;
    if (failure && this.#unanswered > 0 && passing.has(failure.code)) return sending.land('failed');
    this.#answeredBy = sending;
    this.#close();
    this.plan.landed(this, failure, bytes);
  }

  #close(): void {
    this.#over = true;
    this.#watch.stop();
    clearTimeout(this.#hedging);
    if (this.#unanswered > 0) for (const { cancel } of this.#sendings) cancel?.();
  }

  #expire(now: number): number {
    let next = Infinity;
    for (const call of this.calls) next = Math.min(next, call.expire(now));
    return next;
  }
}
