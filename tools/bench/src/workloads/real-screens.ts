import type { Bench } from '../bench.js';
import type { Traffic } from '../load/traffic.js';
import { run, warmUp, type Contender } from '../measure.js';
import { ask, askEach } from '../processes/ask.js';
import { startReal, type Gateway } from '../processes/gateway.js';
import { times } from '../report/outcome.js';
import { besideLimit } from './beside-limit.js';
import { rpcsOf } from './rpcs.js';
import type { Workload } from './workload.js';

const mebibyte = 1024 * 1024;
const countedSeconds = 2;

export const mobileHome: Workload = {
  name: 'mobile-home',
  about: 'GET /v1/home of mobile-bff on the real services with the demo world',
  run: async (bench) => {
    const gateway = await startReal(bench, 'mobile-bff');
    const everybody = await (await bench.installation).everybody('mobile-app');
    const requests = everybody.map(({ token }) => ({ path: '/v1/home', token }));
    const subject = contender('mobile home', gateway, requests);
    await askEach(subject.traffic());
    const alone = await rpcsOfOne(subject);
    const under = await rpcsPerRequest(bench, subject);
    const compared = await besideLimit(bench, 'mobile-home', subject);
    const { rssBytes } = compared.figures[0]!;
    return {
      ...compared,
      judgements: [
        { goal: 'mobile home: CPU × limit', value: times(compared.figures, subject.what), atMost: 4 },
        { goal: 'mobile home: RPCs alone', value: alone, atMost: 7 },
        { goal: 'mobile home: RPCs per request at 64 connections', value: under, atMost: 0.999 },
        { goal: 'mobile home: RSS in MB', value: rssBytes / mebibyte, atMost: 150 },
      ],
      remarks: [],
    };
  },
};

export const mobileRoom: Workload = {
  name: 'room',
  about: 'GET /v1/rooms/:id of mobile-bff, as the members of a room',
  run: async (bench) => {
    const gateway = await startReal(bench, 'mobile-bff');
    const everybody = await (await bench.installation).everybody('mobile-app');
    const path = `/v1/rooms/${(await bench.installation).rooms['general']}`;
    const subject = contender(
      'room',
      gateway,
      everybody.map(({ token }) => ({ path, token })),
    );
    await askEach(subject.traffic());
    return { ...(await besideLimit(bench, 'room', subject)), judgements: [], remarks: [] };
  },
};

export const partnerList: Workload = {
  name: 'partner-list',
  about: 'GET /api/v1/rooms of partner-bff',
  run: async (bench) => {
    const gateway = await startReal(bench, 'partner-bff');
    const everybody = await (await bench.installation).everybody('demo-partner');
    const subject = contender(
      'partner list',
      gateway,
      everybody.map(({ token }) => ({ path: '/api/v1/rooms', token })),
    );
    await askEach(subject.traffic());
    return { ...(await besideLimit(bench, 'partner-list', subject)), judgements: [], remarks: [] };
  },
};

function contender(what: string, gateway: Gateway, requests: Traffic['requests']): Contender {
  return { what, gateway, traffic: () => ({ origin: gateway.origin, requests, order: 'random', people: 1 }) };
}

async function rpcsOfOne({ gateway, traffic }: Contender): Promise<number> {
  await ask(traffic());
  const before = await rpcsOf(gateway);
  await ask(traffic());
  return (await rpcsOf(gateway)) - before;
}

async function rpcsPerRequest(bench: Bench, subject: Contender): Promise<number> {
  await warmUp(bench, subject);
  const before = await rpcsOf(subject.gateway);
  const { requests } = await run(bench, subject, countedSeconds);
  return ((await rpcsOf(subject.gateway)) - before) / requests;
}
