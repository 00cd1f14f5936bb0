import { describe, expect, it } from 'vitest';
import type { AskEvent, GatewayEvents, ServedEvent, ServiceEvents, WorkEvent } from './events.js';
import { judge } from './judge.js';

const ask = (call: number, more: Partial<AskEvent> = {}): AskEvent => ({
  call,
  budgetEndsAt: 1_000,
  deadline: 980,
  settledAt: 500,
  ...more,
});
const gatewayOf = (asks: AskEvent[], more: Partial<GatewayEvents['departures'][number]> = {}): GatewayEvents => ({
  asks,
  departures: [{ rpc: 'a', departedAt: 10, deadline: 980, ...more }],
});
const serviceOf = (served: Partial<ServedEvent> = {}, work: Partial<WorkEvent> = {}): ServiceEvents => ({
  served: [{ rpc: 'a', calls: [4], startedAt: 20, deadline: 990, toldAt: 500, ...served }],
  work: [{ rpc: 'a', manner: 'statement', ms: 400, startedAt: 30, endedAt: 430, ...work }],
});
const nobody = new Map<number, number>();

describe('work is abandoned', () => {
  it('not where it ended while somebody waited', () => {
    expect(judge(nobody, gatewayOf([ask(4)]), serviceOf()).abandoned).toEqual([]);
  });

  it('from the moment the client hung up', () => {
    const { abandoned } = judge(new Map([[1, 100]]), gatewayOf([ask(4)]), serviceOf({ toldAt: 104 }, { endedAt: 112 }));
    expect(abandoned).toEqual([{ manner: 'statement', ageMs: 70, stoppedAfterMs: 12, toldAfterMs: 4, leftMs: 330 }]);
  });

  it('from the call’s own deadline where that is earlier', () => {
    const { abandoned } = judge(new Map([[1, 300]]), gatewayOf([ask(4, { deadline: 200 })]), serviceOf({ toldAt: 201 }, { endedAt: 203 }));
    expect(abandoned).toMatchObject([{ stoppedAfterMs: 3 }]);
  });

  it('in a batch only once the last one left', () => {
    const asks = [ask(4), ask(8, { settledAt: 300 })];
    const hangUps = new Map([
      [1, 100],
      [2, 310],
    ]);
    const { abandoned } = judge(hangUps, gatewayOf(asks), serviceOf({ calls: [4, 8], toldAt: 301 }, { endedAt: 305 }));
    expect(abandoned).toMatchObject([{ stoppedAfterMs: 5 }]);
  });

  it('from the moment the answer left without it', () => {
    expect(judge(nobody, gatewayOf([ask(4)]), serviceOf({ toldAt: 400 })).abandoned).toMatchObject([
      { stoppedAfterMs: 30, toldAfterMs: 0 },
    ]);
  });

  it('for ever where it never ended', () => {
    const { work, served } = serviceOf();
    const endless = { served, work: [{ ...work[0]!, endedAt: undefined as never }] };
    expect(judge(nobody, gatewayOf([ask(4)]), endless).abandoned).toMatchObject([{ stoppedAfterMs: Infinity }]);
  });
});

describe('what comes too late', () => {
  it('is an RPC that left after its deadline, or after the budget of everybody in it', () => {
    expect(judge(nobody, gatewayOf([ask(4)]), serviceOf()).departedLate).toBe(0);
    expect(judge(nobody, gatewayOf([ask(4)], { departedAt: 981 }), serviceOf()).departedLate).toBe(1);
    expect(judge(nobody, gatewayOf([ask(4, { budgetEndsAt: 9 })]), serviceOf()).departedLate).toBe(1);
    expect(judge(nobody, gatewayOf([ask(4, { budgetEndsAt: 9 }), ask(8)]), serviceOf({ calls: [4, 8] })).departedLate).toBe(0);
  });

  it('is an RPC that began after its deadline on arrival; on the wire it may have been overtaken by the gateway’s', () => {
    expect(judge(nobody, gatewayOf([ask(4)]), serviceOf({ startedAt: 991 }))).toMatchObject({ startedLate: [1], overtaken: 1 });
    expect(judge(nobody, gatewayOf([ask(4)]), serviceOf({ startedAt: 985 }))).toMatchObject({ startedLate: [], overtaken: 1 });
  });

  it('is work that began when the service knew that nobody waits', () => {
    expect(judge(nobody, gatewayOf([ask(4)]), serviceOf({ toldAt: 29 })).begunInVain).toBe(1);
    expect(judge(nobody, gatewayOf([ask(4)]), serviceOf({ toldAt: 30 })).begunInVain).toBe(0);
  });
});
