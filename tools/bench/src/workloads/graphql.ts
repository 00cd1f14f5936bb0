import type { Traffic, TrafficRequest } from '../load/traffic.js';
import { ask, askEach } from '../processes/ask.js';
import { startWebOnSynthetic, type Gateway } from '../processes/gateway.js';
import { people } from '../synthetic/ids.js';
import { besideLimit } from './beside-limit.js';
import { rpcsAlone } from './rpcs.js';
import { signedInCallers } from './signed-in-callers.js';
import { judged } from './synthetic-home.js';
import type { Workload } from './workload.js';

const path = '/graphql';

// What the synthetic home holds, as far as the schema has it: in place of the count of who is online the room itself, so that there are four calls at once.
const homeQuery = `query Home($user: ID!, $room: ID!) {
  user(id: $user) { id username profile { name about avatarUrl } }
  room(id: $room) { id name type topic }
  rooms(first: 10) { edges { node { id name type topic } } }
  notifications(first: 10) { edges { node { id type text createdAt read } } }
}`;
const homeVariables = { user: '01910000-0000-7000-8000-{user}', room: '01920000-0000-7000-8000-{user}' };

const lastAuthorsQuery = '{ rooms(first: 30) { edges { node { name lastMessage { content user { username } } } } } }';

export const graphqlHome: Workload = {
  name: 'graphql',
  about: 'synthetic home by GraphQL: web-bff on the synthetic services',
  run: async (bench) => {
    const gateway = await startWebOnSynthetic(bench);
    const requests = await signedInCallers(bench, gateway, path);
    const body = JSON.stringify({ query: homeQuery, variables: homeVariables });
    await refuseErrors(traffic(gateway, requests, body));
    const { child: services } = await bench.synthetic;
    const subject = { what: 'graphql', gateway, services, traffic: () => traffic(gateway, requests, body) };
    await askEach(subject.traffic());
    return judged(await besideLimit(bench, 'graphql', subject), { what: 'graphql', atMost: 5 });
  },
};

export const lastAuthors: Workload = {
  name: 'authors',
  about: '30 rooms with their last authors (N+1 bait) by web-bff: RPCs on the wire',
  run: async (bench) => {
    const gateway = await startWebOnSynthetic(bench);
    const requests = await signedInCallers(bench, gateway, path);
    const bait = () => traffic(gateway, requests, JSON.stringify({ query: lastAuthorsQuery }));
    await refuseErrors(bait());
    const rpcs = await rpcsAlone(bench, { traffic: bait });
    await gateway.child.stop();
    return { figures: [], judgements: [{ goal: '30 rooms with last authors: RPCs', value: rpcs, atMost: 3 }], remarks: [] };
  },
};

function traffic({ origin }: Gateway, requests: readonly TrafficRequest[], body: string): Traffic {
  return { origin, requests, order: 'random', body, people };
}

/** GraphQL says 200 to failures as well. */
async function refuseErrors(asked: Traffic): Promise<void> {
  const answer = await ask(asked);
  if ('errors' in JSON.parse(answer)) throw new Error(`The query fails: ${answer}`);
}
