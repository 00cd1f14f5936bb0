import type { ClientOptions } from '@facet/downstream';
import type { Judgement } from '../../report/outcome.js';
import type { SoakPart, Soaking } from '../part.js';
import type { CallReport, Pace } from '../processes/fleet-caller.js';
import { startCaller, startService } from '../processes/start.js';
import { pause } from '../send.js';

type Policy = NonNullable<NonNullable<ClientOptions['policy']>['balance']>['policy'];

const policies = ['round_robin', 'least_request', 'dynamic'] as const satisfies readonly Policy[];
/** One of the three takes ten times as long. */
const takesMs = [5, 5, 50] as const;
/** In turns, the slow one is nearly as busy as it can be. */
const pace: Pace = { perSecond: 57, together: 1 };
const learnsForMs = 3_000;
const measuredForMs = 30_000;

/** One slow instance of three, by policy. */
export const balance: SoakPart = {
  name: 'balance',
  about: 'one instance of three ten times slower: the 99th percentile by policy, nobody taken out',
  run: async (soaking) => {
    const services = await Promise.all(takesMs.map(() => startService(soaking.bench, 'trouble-service')));
    await Promise.all(services.map(({ child }, at) => child.ask('take', takesMs[at])));
    const target = `static:${services.map((service) => service.target.replace('static:', '')).join(',')}`;
    const reports = new Map<Policy, CallReport>();
    for (const policy of policies) reports.set(policy, await measure(soaking, target, policy));
    await Promise.all(services.map(({ child }) => child.stop()));
    const turns = reports.get('round_robin')!.p99Ms;
    const judgements = policies.flatMap((policy): Judgement[] => {
      const { p99Ms, failed } = reports.get(policy)!;
      const beside = { goal: `balance: p99 of ${policy} beside that of round_robin`, value: p99Ms / turns, atMost: 0.5 };
      return [...(policy === 'round_robin' ? [] : [beside]), { goal: `balance: calls that failed, ${policy}`, value: failed, atMost: 0 }];
    });
    return { judgements, remarks: policies.map((policy) => `balance: ${policy}: ${textOf(reports.get(policy)!)}`) };
  },
};

/** Outliers stay in, so that it is the policy that is judged; and calls travel alone. */
async function measure({ bench, say }: Soaking, target: string, policy: Policy): Promise<CallReport> {
  say(String(policy));
  const alone = { batch: { mostItems: 1 }, balance: { policy, outlier: false as const } };
  const caller = await startCaller(bench, { target, deadlineMs: 2_000, policy: alone });
  await caller.ask('pace', pace);
  await pause(learnsForMs);
  await caller.ask('report');
  await pause(measuredForMs);
  const report = await caller.ask<CallReport>('report');
  await caller.stop();
  return report;
}

function textOf({ calls, p50Ms, p99Ms, lagMs }: CallReport): string {
  return `${calls} calls, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms; timers late by ${lagMs.toFixed(1)} ms (99 of 100)`;
}
