import type { Bench } from '../bench.js';
import type { Traffic, TrafficRequest } from '../load/traffic.js';
import type { Contender } from '../measure.js';
import { ask, askEach } from '../processes/ask.js';
import { startBare, startFanOut, startPlainNest, startWhole, type Gateway } from '../processes/gateway.js';
import { times, type Outcome } from '../report/outcome.js';
import { idOf, people } from '../synthetic/ids.js';
import { besideLimit } from './beside-limit.js';
import { rpcsAlone, rpcsUnderLoad } from './rpcs.js';
import type { Workload } from './workload.js';

export const homePath = '/home/01910000-0000-7000-8000-{user}';
const callers = 1_000;

export const bareHome: Workload = {
  name: 'bare',
  about: 'synthetic home, aggregation only, beside the baselines',
  run: async (bench) => {
    const gateways = await Promise.all([startBare(bench), startPlainNest(bench), startFanOut()]);
    const [bare, plain, fanOut] = gateways.map((gateway) => ({ gateway, traffic: () => homeTraffic(gateway) }));
    await agree(gateways);
    const { child: services } = await bench.synthetic;
    const subject = { what: 'bare', ...bare!, services };
    const alone = await rpcsAlone(bench, subject);
    const under = await rpcsUnderLoad(bench, subject);
    const compared = await besideLimit(bench, 'bare', subject, [
      { what: 'plain Nest', ...plain!, services },
      { what: 'HTTP fan-out', ...fanOut! },
    ]);
    return {
      ...compared,
      judgements: [
        { goal: 'bare: CPU × limit', value: times(compared.figures, 'bare'), atMost: 2 },
        { goal: 'bare: CPU × plain Nest', value: times(compared.figures, 'bare', 'plain Nest'), atMost: 0.15 },
      ],
      remarks: [
        `bare: an answer of ${compared.bytes} bytes; ${alone} RPCs alone, ${under} per request at ${bench.connections} connections`,
      ],
    };
  },
};

export const wholeHome: Workload = {
  name: 'whole',
  about: 'synthetic home with tokens, limits, log and metrics',
  run: async (bench) => {
    const gateway = await startWhole(bench);
    const requests = await warmCallers(bench, 'mobile-app', homePath);
    const { child: services } = await bench.synthetic;
    const subject: Contender = { what: 'whole', gateway, services, traffic: () => homeTraffic(gateway, requests) };
    await askEach(subject.traffic());
    return judged(await besideLimit(bench, 'whole', subject), { what: 'whole', atMost: 3.5 });
  },
};

/** The one judgement of a workload whose subject is measured beside the limit alone. */
export function judged(compared: Awaited<ReturnType<typeof besideLimit>>, { what, atMost }: { what: string; atMost: number }): Outcome {
  return {
    ...compared,
    judgements: [{ goal: `${what}: CPU × limit`, value: times(compared.figures, what), atMost }],
    remarks: [`${what}: an answer of ${compared.bytes} bytes`],
  };
}

export function homeTraffic({ origin }: Gateway, requests: readonly TrafficRequest[] = [{ path: homePath }]): Traffic {
  return { origin, requests, order: 'random', people };
}

/** The same path for each of 1,000 callers. */
export async function warmCallers(bench: Bench, client: string, path: string): Promise<TrafficRequest[]> {
  const issuer = await bench.issuer;
  return Array.from({ length: callers }, (_, number) => ({ path, token: issuer.issue(idOf('user', number), client) }));
}

/** All gateways give the same answers, or they are not worth comparing. */
async function agree(gateways: readonly Gateway[]): Promise<void> {
  for (const number of [0, 1, 41_234, people - 1]) {
    const answers = await Promise.all(gateways.map((gateway) => ask(homeTraffic(gateway), number)));
    const [first, ...others] = answers.map((answer) => JSON.stringify(JSON.parse(answer)));
    if (others.some((other) => other !== first)) throw new Error(`The gateways answer differently:\n${answers.join('\n')}`);
  }
}
