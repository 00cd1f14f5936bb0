import type { Bench } from '../../bench.js';
import type { Traffic } from '../../load/traffic.js';
import { askEach } from '../../processes/ask.js';
import { startReal, startWhole, type Gateway } from '../../processes/gateway.js';
import { people } from '../../synthetic/ids.js';
import { mean, risePercent } from '../arithmetic.js';
import { metricIn, readMetrics } from '../metrics.js';
import type { PartOutcome, SoakPart, Soaking } from '../part.js';
import { pause } from '../send.js';
import { tokensOf } from '../processes/start.js';
import { moreHandles, settled } from './handles.js';

interface Subject {
  readonly gateway: Gateway;
  readonly traffic: Traffic;
  /** What its limits allow, over a minute; more would be refused. */
  readonly mostPerSecond?: number;
}

const callers = 1_000;
const mebibyte = 1024 * 1024;
const sliceSeconds = 30;
/** Until connections of clients that left are gone, and timers of their calls. */
const restMs = 3_000;
/** Of one caller, as ThrottlingModule has it unless told. */
const browsePerSecond = 10;
const mostRise = 3;
const fewestSamples = 3;

export const loadOfWhole = partOf('load', 'the synthetic home under load: memory, handles, RPCs in flight', async (bench) => {
  const gateway = await startWhole(bench);
  const path = '/home/01910000-0000-7000-8000-{user}';
  const requests = (await tokensOf(bench, callers)).map((token) => ({ path, token }));
  return { gateway, traffic: { origin: gateway.origin, requests, order: 'random', people } };
});

export const loadOfHome = partOf('home', 'the same of mobile-bff and its home on the real services', async (bench) => {
  const gateway = await startReal(bench, 'mobile-bff');
  const everybody = await (await bench.installation).everybody('mobile-app');
  const requests = everybody.map(({ token }) => ({ path: '/v1/home', token }));
  return {
    gateway,
    traffic: { origin: gateway.origin, requests, order: 'random', people: 1 },
    mostPerSecond: requests.length * browsePerSecond,
  };
});

function partOf(name: string, about: string, start: (bench: Bench) => Promise<Subject>): SoakPart {
  return {
    name,
    about,
    run: async (soaking) => {
      soaking.say('starting');
      const subject = await start(soaking.bench);
      const outcome = await load(name, subject, soaking);
      await subject.gateway.child.stop();
      return outcome;
    },
  };
}

/** Slices of load; after each, what is left in memory when there is none. Of the slices the first tenth, at least one, is warming up. */
async function load(
  name: string,
  { gateway, traffic, mostPerSecond = Infinity }: Subject,
  { bench, choices, say }: Soaking,
): Promise<PartOutcome> {
  const seconds = Math.min(sliceSeconds, (choices.minutes * 60) / (fewestSamples + 1));
  const slices = Math.round((choices.minutes * 60) / seconds);
  const warm = Math.max(1, Math.ceil(slices / 10));
  const { child, management } = gateway;
  await askEach(traffic);
  const resident = watchResident(gateway);
  const [heaps, counts] = [[] as number[], { requests: 0, failures: 0 }];
  let before: Record<string, number> = {};
  for (let slice = 0; slice < slices; slice++) {
    say(`slice ${slice + 1} of ${slices}, of ${seconds} s each; heap ${(heaps.at(-1) ?? 0).toFixed(1)} MB`);
    const { requests, failures } = await bench.driver.run(traffic, { connections: bench.connections, seconds });
    counts.requests += requests;
    counts.failures += failures;
    const { heapUsed } = await child.ask<NodeJS.MemoryUsage>('memory');
    if (slice >= warm) heaps.push(heapUsed / mebibyte);
    await pause(1_000 * Math.max(0, requests / mostPerSecond - seconds));
    if (slice === warm - 1) before = await atRest(gateway);
  }
  const after = await atRest(gateway);
  const rss = resident.stop() / mebibyte;
  const inFlight = metricIn(await readMetrics(management), 'facet_downstream_rpcs_in_flight');
  return {
    judgements: [
      { goal: `${name}: rise of the heap over the run, % of its mean`, value: risePercent(heaps), atMost: mostRise },
      { goal: `${name}: RSS in MB, the most`, value: rss, atMost: 150 },
      { goal: `${name}: handles and timers more than before`, value: moreHandles(before, after), atMost: 0 },
      { goal: `${name}: RPCs in flight at rest`, value: inFlight, atMost: 0 },
      { goal: `${name}: failed answers, %`, value: (100 * counts.failures) / Math.max(1, counts.requests), atMost: 0.1 },
    ],
    remarks: [
      `${name}: ${counts.requests} requests in ${slices} slices of ${seconds} s; heap after collection ${mean(heaps).toFixed(1)} MB: ${heaps.map((heap) => heap.toFixed(1)).join(' ')}`,
    ],
    details: { heaps, before, after },
  };
}

async function atRest({ child }: Gateway): Promise<Record<string, number>> {
  await pause(restMs);
  return settled(() => child.ask<Record<string, number>>('handles'));
}

/** The most that is resident, looked at each second. */
function watchResident({ child }: Gateway): { stop: () => number } {
  let most = 0;
  const look = () => (most = Math.max(most, child.usage.rssBytes));
  const timer = setInterval(look, 1_000);
  return {
    stop: () => {
      clearInterval(timer);
      return look();
    },
  };
}
