import { readFileSync } from 'node:fs';
import type { Bench } from '../bench.js';
import type { TrafficRequest } from '../load/traffic.js';
import { compare, profile, type Contender, type Figures } from '../measure.js';
import { askEach, ask } from '../processes/ask.js';
import { startLimit, startReal, startWebOnSynthetic, type Gateway } from '../processes/gateway.js';
import type { CpuProfile, Frame } from '../report/hot-spots.js';
import { limitName, type Judgement } from '../report/outcome.js';
import { shareWithin } from '../report/share-within.js';
import { proofs } from './proofs.js';
import { signedInCallers } from './signed-in-callers.js';
import type { Workload } from './workload.js';

/** Tokens of one person are as different as those of two. */
const tokensEach = 5;
const ping = '/graphql?query=%7B__typename%7D';

/** What it costs to know who is calling, where that is known already: by a profile of the BFF under load, of which the guard has its share. */
export const authentication: Workload = {
  name: 'authentication',
  about: 'who is calling: 1,000 callers whose credentials are known, in each BFF; and proofs of possession beside their cryptography',
  run: async (bench) => {
    const web = await startWebOnSynthetic(bench);
    const [mobile, partner] = [await startReal(bench, 'mobile-bff'), await startReal(bench, 'partner-bff')];
    const contenders = [
      contender('web-bff, a session', web, await signedInCallers(bench, web, ping)),
      contender('mobile-bff, a token', mobile, await tokensOf(bench, 'mobile-app', '/v1/profile')),
      contender('partner-bff, a token', partner, await tokensOf(bench, 'demo-partner', '/api/v1/rooms?limit=1')),
    ];
    for (const { traffic } of contenders) await askEach(traffic());
    const sample: unknown = JSON.parse(await ask(contenders[1]!.traffic()));
    const gateway = await startLimit(bench, 'authentication', sample);
    const limit: Contender = { what: limitName, gateway, traffic: () => ({ ...contenders[1]!.traffic(), origin: gateway.origin }) };
    const figures = await compare(bench, [...contenders, limit]);
    const judgements: Judgement[] = [];
    for (const each of contenders) judgements.push(await judge(bench, each, figures));
    await Promise.all([...contenders, limit].map((each) => each.gateway.child.stop()));
    const possession = await proofs(bench);
    return { figures, judgements: [...judgements, possession.judgement], remarks: possession.remarks };
  },
};

async function judge(bench: Bench, subject: Contender, figures: readonly Figures[]): Promise<Judgement> {
  const path = bench.profileOf(`authentication-${subject.what.split(',')[0]}`);
  await profile(bench, subject, path);
  const share = shareWithin(JSON.parse(readFileSync(path, 'utf8')) as CpuProfile, isTheGuard);
  const cpuOf = (name: string) => figures.find(({ what }) => what === name)!.cpuMicros;
  return { goal: `knowing who calls ${subject.what}: CPU × limit`, value: (share * cpuOf(subject.what)) / cpuOf(limitName), atMost: 0.5 };
}

/** Where no step has to wait, all of it happens within this call. */
function isTheGuard({ functionName, url }: Frame): boolean {
  return functionName === 'canActivate' && url.endsWith('/authentication.guard.js');
}

async function tokensOf(bench: Bench, client: string, path: string): Promise<TrafficRequest[]> {
  const installation = await bench.installation;
  const requests: TrafficRequest[] = [];
  for (let each = 0; each < tokensEach; each += 1) {
    const everybody = await installation.everybody(client);
    requests.push(...everybody.map(({ token }) => ({ path, token })));
  }
  return requests;
}

function contender(what: string, gateway: Gateway, requests: readonly TrafficRequest[]): Contender {
  return { what, gateway, traffic: () => ({ origin: gateway.origin, requests, order: 'random', people: 1 }) };
}
