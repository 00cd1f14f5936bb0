import { requestOf, type Manner } from './work.js';
import type { AskEvent, GatewayEvents, ServedEvent, ServiceEvents, WorkEvent } from './events.js';

/** Work that was under way when nobody living waited any more. Milliseconds. */
export interface AbandonedWork {
  readonly manner: Manner;
  /** How long it had been under way; negative where it began later. */
  readonly ageMs: number;
  /** From that moment until it stopped; Infinity where it never did. */
  readonly stoppedAfterMs: number;
  /** The part of it that passed until the service knew. */
  readonly toldAfterMs: number;
  /** How much longer it would have gone on. */
  readonly leftMs: number;
}

/** What the engine did with time and work. */
export interface Verdict {
  readonly rpcs: number;
  /** RPCs that left the gateway after the budget of all whose calls they carry, or after their own deadline. */
  readonly departedLate: number;
  /** RPCs that began in the service after the deadline on arrival, and by how many milliseconds each. */
  readonly startedLate: readonly number[];
  /** RPCs that began in the service after the deadline at the gateway, being on the wire then. */
  readonly overtaken: number;
  /** Work that began after the service knew that nobody waits. */
  readonly begunInVain: number;
  readonly abandoned: readonly AbandonedWork[];
}

/** judge: what three clocks of one machine say together: the clients' (when each request hung up), the gateway's and the service's. */
export function judge(hangUps: ReadonlyMap<number, number>, gateway: GatewayEvents, service: ServiceEvents): Verdict {
  const asks = new Map(gateway.asks.map((ask) => [ask.call, ask]));
  const served = new Map(service.served.map((rpc) => [rpc.rpc, rpc]));
  const departures = new Map(gateway.departures.map((departure) => [departure.rpc, departure]));
  const askedIn = ({ calls }: ServedEvent) => calls.flatMap((call) => asks.get(call) ?? []);

  const late = gateway.departures.filter(({ rpc, departedAt, deadline }) => {
    const event = served.get(rpc);
    const budget = event ? Math.max(...askedIn(event).map(({ budgetEndsAt }) => budgetEndsAt)) : deadline;
    return departedAt > Math.min(deadline, budget);
  });
  const overAt = (rpc: ServedEvent) =>
    Math.min(rpc.toldAt ?? Infinity, Math.max(...askedIn(rpc).map((ask) => leftAt(ask, hangUps.get(requestOf(ask.call))))));
  return {
    rpcs: gateway.departures.length,
    departedLate: late.length,
    startedLate: service.served.map(({ startedAt, deadline }) => startedAt - deadline).filter((lateMs) => lateMs > 0),
    overtaken: service.served.filter(({ rpc, startedAt }) => startedAt > (departures.get(rpc)?.deadline ?? Infinity)).length,
    begunInVain: service.work.filter(({ rpc, startedAt }) => startedAt > (served.get(rpc)?.toldAt ?? Infinity)).length,
    abandoned: service.work.flatMap((work) => abandonedOf(work, served.get(work.rpc)!, overAt(served.get(work.rpc)!))),
  };
}

/** Until when somebody waited for a call: its answer, its deadline, or the client's hang-up. */
function leftAt({ settledAt = Infinity, deadline }: AskEvent, hungUpAt = Infinity): number {
  return Math.min(settledAt, deadline, hungUpAt);
}

function abandonedOf(
  { manner, ms, startedAt, endedAt = Infinity }: WorkEvent,
  { toldAt = Infinity }: ServedEvent,
  overAt: number,
): AbandonedWork[] {
  if (endedAt <= overAt) return [];
  const whole = { manner, ageMs: overAt - startedAt, leftMs: startedAt + ms - overAt };
  return [{ ...whole, stoppedAfterMs: endedAt - overAt, toldAfterMs: toldAt - overAt }];
}
