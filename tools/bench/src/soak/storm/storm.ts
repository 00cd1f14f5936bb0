import type { PolicyOptions } from '@facet/downstream';
import type { Bench } from '../../bench.js';
import type { Child } from '../../processes/child.js';
import type { Judgement } from '../../report/outcome.js';
import { quantile, tally } from '../arithmetic.js';
import { idOf, mostCalls } from '../abandon/work.js';
import { metricIn, readMetrics } from '../metrics.js';
import type { SoakPart, Soaking } from '../part.js';
import { lagIn, type Lag } from '../processes/lag.js';
import { startGateway, startService, tokensOf, type SoakGateway } from '../processes/start.js';
import type { Mood, Seen } from '../processes/trouble.js';
import { atOnce, pause, send } from '../send.js';

const deadlineMs = 300;
const budgetMs = 500;
const calls = 1_100;
const free = 100;
const clients = 16;
/** What a breaker remembers (`breaker.windowMs`): while all went well for so long, half of it must go wrong. */
const windowMs = 10_000;
const slowForMs = 12_000;
const everyMs = 20;
/** Doubled as long as it was slow, a breaker is open for no longer than that again; and a probe takes its time. */
const closesWithinSeconds = 12;
const opensWithinSeconds = windowMs / 1_000;
const neverOpen: PolicyOptions = { breaker: { minimumItems: 1_000_000 } };

interface Stage {
  readonly bench: Bench;
  readonly gateway: SoakGateway;
  readonly trouble: Child;
  readonly tokens: readonly string[];
  readonly stop: () => Promise<unknown>;
}

interface Answer {
  readonly ms: number;
  readonly status: number;
  /** Why presence was missing. */
  readonly reason: string;
}

/** A service that fails every call, and one that is slow. */
export const storm: SoakPart = {
  name: 'storm',
  about: 'a service that fails every call, one that is slow, and one that is quick again',
  run: async (soaking) => {
    const withoutBreaker = await failing(soaking, 'retry budget alone', neverOpen);
    const withBreaker = await failing(soaking, 'with the breaker', {});
    const slow = await slowing(soaking);
    const outcomes = [withoutBreaker, withBreaker, slow];
    return { judgements: outcomes.flatMap(({ judgements }) => judgements), remarks: outcomes.map(({ remark }) => remark) };
  },
};

async function stage({ bench }: Soaking, policy: PolicyOptions): Promise<Stage> {
  const [trouble, sound] = await Promise.all([startService(bench, 'trouble-service'), startService(bench, 'trouble-service')]);
  const gateway = await startGateway(bench, {
    presence: { target: trouble.target, deadlineMs, policy },
    rooms: { target: sound.target, deadlineMs },
  });
  const stop = () => Promise.all([gateway, trouble, sound].map(({ child }) => child.stop()));
  return { bench, gateway, trouble: trouble.child, tokens: await tokensOf(bench), stop };
}

/** How many calls a service sees that fails each of them, after the first hundred. */
async function failing(soaking: Soaking, what: string, policy: PolicyOptions): Promise<{ judgements: Judgement[]; remark: string }> {
  const set = await stage(soaking, policy);
  soaking.say(`failing, ${what}`);
  await warmUp(set);
  await pause(windowMs);
  await become(set, 'failing');
  const numbers = [...Array(calls).keys()];
  const before = await seen(set);
  await atOnce(numbers.slice(0, free), clients, async (number) => void (await ask(set, number)));
  await pause(2 * deadlineMs);
  const first = await seen(set);
  const answers: Answer[] = [];
  await atOnce(numbers.slice(free), clients, async (number) => void answers.push(await ask(set, number)));
  await pause(2 * deadlineMs);
  const ratio = ((await seen(set)).calls - first.calls) / answers.length;
  const lag = await lagOf(set);
  await set.stop();
  return {
    judgements: [{ goal: `storm: calls seen × calls made, ${what}`, value: ratio, atMost: 1.1 }, late(`failing, ${what}`, answers)],
    remark: `storm, ${what}: ${first.calls - before.calls} of the first ${free} calls seen, retries included; then ${answers.length} screens without presence: ${reasons(answers)}; ${lag}`,
  };
}

/** When the breaker opens and closes around a service that is slow for a while, and what screens look like meanwhile. */
async function slowing(soaking: Soaking): Promise<{ judgements: Judgement[]; remark: string }> {
  const set = await stage(soaking, {});
  soaking.say('slow');
  await warmUp(set);
  const answers: Answer[] = [];
  const sending = sendSteadily(set, answers);
  await pause(windowMs);
  await become(set, 'slow');
  const slowAt = Date.now();
  const openedAt = await untilBreaker(set, open, opensWithinSeconds);
  await pause(slowAt + slowForMs - Date.now());
  await become(set, 'sound');
  soaking.say('quick again');
  const quickAt = Date.now();
  const closedAt = await untilBreaker(set, closed, 3 * closesWithinSeconds);
  sending.stop();
  await sending.done;
  const after = await ask(set, 0);
  const lag = await lagOf(set);
  await set.stop();
  const [toOpen, toClose] = [(openedAt - slowAt) / 1_000, (closedAt - quickAt) / 1_000];
  return {
    judgements: [
      { goal: 'storm: seconds until the breaker opens', value: toOpen, atMost: opensWithinSeconds },
      { goal: 'storm: seconds until it closes by itself', value: toClose, atMost: closesWithinSeconds },
      { goal: 'storm: screens that still miss something then', value: after.reason === 'complete' ? 0 : 1, atMost: 0 },
      late('slow', answers),
    ],
    remark: `storm, slow for ${slowForMs / 1_000} s: ${answers.length} screens: ${reasons(answers)}; ${quantile(
      answers.map(({ ms }) => ms),
      0.99,
    )} ms for 99 of 100; ${lag}`,
  };
}

/** All is well, and compiled. */
async function warmUp(set: Stage): Promise<void> {
  await atOnce([...Array(calls).keys()], clients, async (number) => void (await ask(set, number)));
  await lagOf(set);
}

/** A client that comes every few milliseconds, however long the answers take. */
function sendSteadily(set: Stage, answers: Answer[]): { stop: () => void; done: Promise<unknown> } {
  let stopped = false;
  const pending = new Set<Promise<unknown>>();
  const run = async () => {
    for (let number = 1; !stopped; number++) {
      const asked = ask(set, number).then((answer) => answers.push(answer));
      pending.add(asked);
      void asked.finally(() => pending.delete(asked));
      await pause(everyMs);
    }
    await Promise.all(pending);
  };
  return { stop: () => (stopped = true), done: run() };
}

async function ask({ gateway, tokens }: Stage, number: number): Promise<Answer> {
  const [rooms, online] = [0, 1].map((index) => idOf({ number: number * mostCalls + index, manner: 'timer', ms: 0 }));
  const token = tokens[number % tokens.length]!;
  const { sentAt, endedAt, status = 0, body } = await send({ url: `${gateway.origin}/trouble?rooms=${rooms}&online=${online}`, token });
  const degraded = status === 200 ? (JSON.parse(body) as { degraded: { reason: string }[] }).degraded : [];
  return { ms: endedAt - sentAt, status, reason: status === 200 ? (degraded[0]?.reason ?? 'complete') : String(status) };
}

/** Answers that are none, or came when the budget was over. */
function late(when: string, answers: readonly Answer[]): Judgement {
  const bad = answers.filter(({ ms, status }) => status !== 200 || ms > budgetMs);
  return { goal: `storm: screens that failed or were late, ${when}`, value: bad.length, atMost: 0 };
}

function reasons(answers: readonly Answer[]): string {
  return tally(answers.map(({ reason }) => reason));
}

/** How late the gateway's own timers were. */
async function lagOf({ gateway }: Stage): Promise<string> {
  return lagIn('timers of the gateway late by', await gateway.child.ask<Lag>('lag'));
}

function become({ trouble }: Stage, mood: Mood): Promise<unknown> {
  return trouble.ask('become', mood);
}

function seen({ trouble }: Stage): Promise<Seen> {
  return trouble.ask('seen');
}

const closed = 0;
const open = 2;

/** When the breaker of the method in trouble was first seen in this state; Infinity where it was not in time. */
async function untilBreaker({ gateway }: Stage, state: number, seconds: number): Promise<number> {
  const until = Date.now() + seconds * 1_000;
  const labels = { dependency: 'presence', method: 'CountOnline' };
  while (Date.now() < until) {
    if (metricIn(await readMetrics(gateway.management), 'facet_downstream_breaker_state', labels) === state) return Date.now();
    await pause(everyMs);
  }
  return Infinity;
}
