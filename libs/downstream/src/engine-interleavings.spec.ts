import { Ending, type EndListener } from '@facet/context';
import type { CountOnlineResult } from '@facet/contracts/presence';
import { GrpcStatus, ProblemError } from '@facet/errors';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import {
  batchOf,
  callsOf,
  departed,
  holdTime,
  pass,
  presence,
  refuse,
  serve,
  type Carried,
  type Outcome,
  type Sent,
} from '../test/held-channel.fixtures.js';

holdTime();

/** An ending that knows how many are still to be told. */
class CountedEnding extends Ending {
  listeners = 0;

  override add(listener: EndListener): void {
    this.listeners++;
    super.add(listener);
  }

  override delete(listener: EndListener): void {
    this.listeners--;
    super.delete(listener);
  }
}

const { UNAVAILABLE, DEADLINE_EXCEEDED, NOT_FOUND, INVALID_ARGUMENT, RESOURCE_EXHAUSTED, INTERNAL } = GrpcStatus;
const serials = 10_000;
/** Who asked for what, and by which RPC: nobody can take the answer to another question for his own. */
const answer = ({ subject, room }: Carried, serial: number) => (Number(subject) * 10 + Number(room)) * serials + serial;

type World = ReturnType<typeof presence>;
interface Asked {
  readonly subject: string;
  readonly room: string;
  readonly deadline: number;
  /** RPCs that had left before it was asked for. */
  readonly after: number;
  readonly ending: CountedEnding;
  readonly outcome: Outcome;
  settledAt: number;
}

const ms = (most: number) => fc.integer({ min: 1, max: most });
const choice = fc.nat(50);
const asks = fc.constantFrom('ask' as const, 'ask and leave' as const);
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: asks,
      subject: fc.nat(2),
      room: fc.nat(1),
      timeoutMs: fc.oneof(ms(60), ms(500), ms(5_000)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.oneof(ms(20), ms(80)) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('serve' as const), which: choice }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fail items' as const),
      which: choice,
      room: fc.nat(1),
      code: fc.constantFrom(UNAVAILABLE, DEADLINE_EXCEEDED, NOT_FOUND, INTERNAL),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('refuse' as const),
      which: choice,
      code: fc.oneof(fc.constant(UNAVAILABLE), fc.constantFrom(DEADLINE_EXCEEDED, NOT_FOUND, INVALID_ARGUMENT, RESOURCE_EXHAUSTED)),
      pushbackMs: fc.option(fc.nat(30), { nil: undefined, freq: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('miscount' as const), which: choice, by: fc.constantFrom(-1, 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hang up' as const), which: choice }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const setting = fc.record({
  outstanding: fc.constantFrom(1, 1, 2),
  mostItems: fc.constantFrom(1, 2, 500, 500),
  attempts: fc.constantFrom(1, 3, 5, 5),
  hedgeAfterMs: fc.option(ms(40), { nil: undefined }),
  waiting: fc.constantFrom(4, 10_000),
  rpcs: fc.constantFrom(2, 500),
  minimumItems: fc.constantFrom(4, 1_000_000, 1_000_000),
});

function take({ channel }: World, which: number): { sent: Sent; serial: number } | undefined {
  const [sent] = channel.sent.splice(which % Math.max(1, channel.sent.length), 1);
  return sent && { sent, serial: channel.log.indexOf(sent) };
}

/** One that has lost a result, or has one too many before all others. */
function miscount({ sent, serial }: { sent: Sent; serial: number }, by: number): void {
  const results = callsOf(sent).map((call): CountOnlineResult => ({
    result: { $case: 'response', value: { count: answer(call, serial) } },
  }));
  sent.answered(null, batchOf(by < 0 ? results.slice(1) : [results.at(-1)!, ...results]));
}

const answering: { [Do in Step['do']]?: (taken: { sent: Sent; serial: number }, step: Extract<Step, { do: Do }>) => void } = {
  serve: ({ sent, serial }) => serve(sent, (call) => ({ count: answer(call, serial) })),
  'fail items': ({ sent, serial }, { room, code }) =>
    serve(sent, (call) => (call.room === String(room) ? code : { count: answer(call, serial) })),
  refuse: ({ sent }, { code, pushbackMs }) => refuse(sent, code, pushbackMs),
  miscount: (taken, { by }) => (taken.sent.path.endsWith('/CountOnline') ? refuse(taken.sent) : miscount(taken, by)),
};

/** Calls leave with their turn before time passes: a held clock may overtake a turn, a real one hardly does. */
async function turnAndPass(ms: number): Promise<void> {
  await departed();
  await pass(ms);
}

async function go(world: World, asked: Asked[], now: Step): Promise<void> {
  if (now.do === 'turn') return departed();
  if (now.do === 'pass') return turnAndPass(now.ms);
  if (now.do === 'hang up') return asked[now.which]?.ending.end('bye');
  if (now.do === 'ask' || now.do === 'ask and leave') {
    const [subject, room, ending] = [String(now.subject), String(now.room), new CountedEnding()];
    const after = world.channel.log.length;
    const outcome = world.ask(room, subject, { timeoutMs: now.timeoutMs, ending });
    const one: Asked = { subject, room, deadline: Date.now() + now.timeoutMs, after, ending, outcome, settledAt: Infinity };
    const settled = () => (one.settledAt = Date.now());
    outcome.promise.then(settled, settled);
    asked.push(one);
    if (now.do === 'ask and leave') await departed();
    return;
  }
  if ('which' in now) {
    const taken = take(world, now.which);
    if (taken) (answering[now.do] as (taken: { sent: Sent; serial: number }, step: Step) => void)(taken, now);
  }
}

function check({ channel, bulkhead }: World, asked: readonly Asked[]): void {
  for (const { subject, room, deadline, after, ending, outcome, settledAt } of asked) {
    const { value, error } = outcome as Outcome<{ count: number }>;
    expect(settledAt).toBeLessThanOrEqual(deadline);
    expect(ending.listeners).toBe(0);
    if (value) {
      expect(Math.floor(value.count / serials)).toBe(answer({ subject, room }, 0) / serials);
      expect(value.count % serials).toBeGreaterThanOrEqual(after);
    } else {
      expect(error).toBeInstanceOf(ProblemError);
      if ((error as ProblemError).code === 'client-closed-request') expect(ending.reason).toBe('bye');
    }
  }
  for (const [at, sent] of channel.log.entries()) {
    const lasts = callsOf(sent).map(({ subject, room }) =>
      Math.max(...asked.filter((one) => one.subject === subject && one.room === room).map(({ deadline }) => deadline)),
    );
    // A hedge repeats its batch as it is, as long as somebody waits for some of it.
    const isHedge = channel.log.some(({ bytes }, earlier) => earlier < at && bytes.equals(sent.bytes));
    expect(sent.at).toBeLessThan(isHedge ? Math.max(...lasts) : Math.min(...lasts));
    expect(sent.deadline).toBeLessThanOrEqual(Math.max(...lasts));
  }
  expect([bulkhead.waiting, bulkhead.rpcs, vi.getTimerCount()]).toEqual([0, 0, 0]);
}

it('nobody gets the answer to another question, or waits too long, or leaves a trace, however calls, answers, failures and hang-ups interleave', async () => {
  await fc.assert(
    fc.asyncProperty(setting, fc.array(step, { maxLength: 80 }), async (policy, steps) => {
      const { outstanding, mostItems, attempts, hedgeAfterMs, waiting, rpcs, minimumItems } = policy;
      const world = presence({
        policy: {
          batch: { outstanding, mostItems },
          retry: { attempts },
          bulkhead: { waiting, rpcs },
          breaker: { minimumItems, openMs: 20 },
          hedgeAfterMs,
        },
      });
      const asked: Asked[] = [];
      for (const now of [...steps, { do: 'turn' as const }]) await go(world, asked, now);
      for (let rounds = 0; rounds < 20 && (vi.getTimerCount() > 0 || world.channel.sent.length > 0); rounds++) {
        for (const sent of world.channel.sent.splice(0))
          answering.serve?.({ sent, serial: world.channel.log.indexOf(sent) }, undefined as never);
        await pass(500);
      }
      check(world, asked);
    }),
    { numRuns: 300 },
  );
}, 120_000);
