import type { Manner } from './work.js';

// What gateway and service write down. All times in epoch milliseconds: both are on one machine.

/** A call that the gateway made, from its side of the client. */
export interface AskEvent {
  readonly call: number;
  /** When its request's budget ends. */
  readonly budgetEndsAt: number;
  /** When it ends at the latest: by the request's budget less the reserve, and by the client's deadline. */
  readonly deadline: number;
  settledAt?: number;
}

/** An RPC as it left the gateway. */
export interface DepartureEvent {
  readonly rpc: string;
  readonly departedAt: number;
  readonly deadline: number;
}

/** An RPC as the service worked on it. */
export interface ServedEvent {
  readonly rpc: string;
  readonly calls: readonly number[];
  readonly startedAt: number;
  /** On arrival, as the service was told. */
  readonly deadline: number;
  /** When the service knew that nobody waits any more, or that the answer has left. */
  toldAt?: number;
}

/** Something that the service did for an RPC: a statement, by its end in PostgreSQL, or a timer. */
export interface WorkEvent {
  readonly rpc: string;
  readonly manner: Manner;
  /** How long it would take if nobody ended it. */
  readonly ms: number;
  readonly startedAt: number;
  endedAt?: number;
}

export interface GatewayEvents {
  readonly asks: readonly AskEvent[];
  readonly departures: readonly DepartureEvent[];
}

export interface ServiceEvents {
  readonly served: readonly ServedEvent[];
  readonly work: readonly WorkEvent[];
}
