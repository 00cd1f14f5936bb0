import { EmbeddedPostgres } from '@facet/database/embedded';
import pg from 'pg';
import type { PartOutcome, SoakPart, Soaking } from '../part.js';
import { lagIn, watchLag, type Lag } from '../processes/lag.js';
import { startGateway, startService, tokensOf, type SoakGateway } from '../processes/start.js';
import { quantile, tally } from '../arithmetic.js';
import { atOnce, pause, send, type Received } from '../send.js';
import type { GatewayEvents, ServiceEvents } from './events.js';
import { judge, type AbandonedWork, type Verdict } from './judge.js';
import { idOf, mostCalls, randomWork } from './work.js';

const clients = 12;
const deadlineMs = 450;
const hangingUp = 0.4;
const inAHurry = 0.3;
/** All work is over by then: the longest statement, and what is left of any budget. */
const restMs = 1_000;
/** A statement this old is cancelled in the server, a younger one is left to end. */
const oldMs = 20;
const promptMs = 50;
const warmUp = 500;
/** Half of the calls run out of time on purpose: a breaker would spare the service what is to be seen. */
const patient = { breaker: { minimumItems: 1_000_000 } };

/** Requests that are abandoned at every moment, and what becomes of the work for them. */
export const abandon: SoakPart = {
  name: 'abandon',
  about: 'clients that hang up and run out of time: what starts too late, what goes on in vain',
  run: async (soaking) => {
    soaking.say('starting PostgreSQL, a service and a gateway');
    const postgres = await EmbeddedPostgres.start({ temporary: true, port: 0 });
    try {
      return await run(soaking, postgres.url);
    } finally {
      await postgres.stop();
    }
  },
};

async function run({ bench, choices, say }: Soaking, databaseUrl: string): Promise<PartOutcome> {
  const { child: service, target } = await startService(bench, 'work-service', { databaseUrl });
  const gateway = await startGateway(bench, {
    presence: { target, deadlineMs, policy: patient },
    rooms: { target, deadlineMs, policy: { ...patient, methods: { getRoom: { batch: { mostItems: 1 } } } } },
  });
  const tokens = await tokensOf(bench);
  await sendAll(gateway, tokens, warmUp, () => say('warming up'));
  await pause(restMs);
  await Promise.all([gateway.child, service].flatMap((child) => [child.ask('forget'), child.ask('lag')]));
  const ownLag = watchLag();
  const answers = await sendAll(gateway, tokens, choices.requests, say);
  const lags = [
    lagIn('clients', ownLag()),
    lagIn('gateway', await gateway.child.ask<Lag>('lag')),
    lagIn('service', await service.ask<Lag>('lag')),
  ];
  await pause(restMs);
  const running = await statementsIn(databaseUrl);
  const verdict = judge(hangUpsOf(answers), await gateway.child.ask<GatewayEvents>('events'), await service.ask<ServiceEvents>('events'));
  await Promise.all([gateway.child.stop(), service.stop()]);
  const outcome = outcomeOf([...answers.values()], verdict, running);
  return { ...outcome, remarks: [...outcome.remarks, `abandon: how late timers were: ${lags.join('; ')}`] };
}

async function sendAll(
  { origin }: SoakGateway,
  tokens: readonly string[],
  count: number,
  say: (text: string) => void,
): Promise<Map<number, Received>> {
  const answers = new Map<number, Received>();
  const random = Math.random;
  await atOnce([...Array(count).keys()], clients, async (request) => {
    const names = ['typing', 'room', 'rooms', 'online'];
    const works = names.map((name, index) => `${name}=${idOf(randomWork(request * mostCalls + index, random))}`);
    const answer = await send({
      url: `${origin}/work?${works.join('&')}`,
      token: tokens[request % tokens.length]!,
      ...(random() < hangingUp && { hangUpAfterMs: random() * deadlineMs }),
      ...(random() < inAHurry && { timeoutMs: Math.floor(100 + random() * 300) }),
    });
    answers.set(request, answer);
    if (answers.size % 100 === 0) say(`${answers.size} of ${count} requests`);
  });
  return answers;
}

function hangUpsOf(answers: ReadonlyMap<number, Received>): Map<number, number> {
  return new Map([...answers].flatMap(([request, { hungUpAt }]) => (hungUpAt === undefined ? [] : [[request, hungUpAt]])));
}

/** Statements of the soak that PostgreSQL works on. */
async function statementsIn(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rowCount } = await client.query(`select 1 from pg_stat_activity where state = 'active' and query like 'select pg_sleep%'`);
  await client.end();
  return rowCount ?? 0;
}

function outcomeOf(answers: readonly Received[], verdict: Verdict, running: number): PartOutcome {
  const { abandoned, rpcs } = verdict;
  const inStatements = abandoned.filter(({ manner }) => manner !== 'timer');
  const old = inStatements.filter(({ ageMs }) => ageMs >= oldMs);
  const long = abandoned.filter(({ leftMs }) => leftMs > promptMs);
  return {
    judgements: [
      { goal: 'abandon: RPCs that left after their budget', value: verdict.departedLate, atMost: 0 },
      { goal: 'abandon: RPCs that began after their deadline on arrival', value: verdict.startedLate.length, atMost: 0 },
      { goal: 'abandon: work begun where nobody waits, as the service knew', value: verdict.begunInVain, atMost: 0 },
      { goal: `abandon: work in vain for more than ${promptMs} ms, %`, value: lingering(abandoned), atMost: 1 },
      { goal: `abandon: the same of statements older than ${oldMs} ms, %`, value: lingering(old), atMost: 1 },
      { goal: `abandon: the same of what had more than ${promptMs} ms to go, %`, value: lingering(long), atMost: 1 },
      { goal: 'abandon: statements still running a second later', value: running, atMost: 0 },
    ],
    remarks: [
      `abandon: ${answers.length} requests: ${tally(answers.map(({ status }) => (status === undefined ? 'hung up' : String(status))))}; ${rpcs} RPCs, of which ${verdict.overtaken} began after the gateway's deadline, which passed on the wire`,
      `abandon: ${abandoned.length} pieces of work outlived their last waiter (${old.length} old statements): ${spread(abandoned)}`,
      `abandon: until the service knew: ${spreadOf(abandoned.map(({ toldAfterMs }) => toldAfterMs))}; from then: ${spreadOf(abandoned.map(({ stoppedAfterMs, toldAfterMs }) => stoppedAfterMs - toldAfterMs))}`,
    ],
    details: { ...verdict, abandoned: abandoned.filter(({ stoppedAfterMs }) => stoppedAfterMs > promptMs) },
  };
}

/** Of so much work, how many percent went on for too long. */
function lingering(abandoned: readonly AbandonedWork[]): number {
  const late = abandoned.filter(({ stoppedAfterMs }) => !(stoppedAfterMs <= promptMs)).length;
  return (100 * late) / Math.max(1, abandoned.length);
}

function spread(abandoned: readonly AbandonedWork[]): string {
  return `stopped after ${spreadOf(abandoned.map(({ stoppedAfterMs }) => stoppedAfterMs))}`;
}

function spreadOf(values: readonly number[]): string {
  return `${quantile(values, 0.5)} ms (median), ${quantile(values, 0.99)} (99 of 100), ${quantile(values, 1)} (the most)`;
}
