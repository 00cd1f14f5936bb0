import { affinityOf } from './affinity.js';
import { Bulkhead } from './bulkhead.js';
import type { Channel } from './channel.js';
import { createClient, type Client } from './client.js';
import type { HttpChannel } from './http-channel.js';
import { createExchange } from './http-exchange.js';
import type { HttpServiceDefinition } from './http-route.js';
import type { Exchange, ExchangeLane } from './http-way.js';
import { Lanes, type Lane } from './lanes.js';
import type { LastGood } from './last-good.js';
import { policyFor } from './policy.js';
import type { Remote } from './remote.js';

/** HttpClient: a client of a plain HTTP service, and its way for bytes. */
export type HttpClient<S extends HttpServiceDefinition> = Client<S> & { readonly exchange: Exchange };

/** createHttpClient: the client of one HTTP service, whose tiers have HTTP channels. Throws where the service does not say its routes. */
export function createHttpClient<S extends HttpServiceDefinition>(
  remote: Remote & { readonly service: S },
  lastGood: LastGood,
): HttpClient<S> {
  for (const tier of [remote.primary, remote.backup]) if (tier) httpChannelOf(tier.channel).serve(remote.service);
  return { ...createClient(remote, lastGood), exchange: exchangeOf(remote) };
}

/**
 * An exchange counts as a method `Exchange` of its service. It has the target's budget, and a bulkhead of its own, as wide as the target's:
 * bytes may flow for minutes, and RPCs are not to wait for them.
 */
function exchangeOf(remote: Remote): Exchange {
  const { retry, breaker, bulkhead, balance } = policyFor(remote.policy);
  const lanes = new Lanes(remote, `/${remote.service.fullName}/Exchange`, breaker);
  const bulkheads = new Map<Lane, Bulkhead>();
  const affinity = affinityOf(balance);
  const laneOf = (lane: Lane): ExchangeLane => {
    const { tier, breaker, metrics } = lane;
    const own = bulkheads.get(lane) ?? new Bulkhead(bulkhead);
    bulkheads.set(lane, own);
    const { transport } = httpChannelOf(tier.channel);
    return { breaker, metrics, transport, bulkhead: own, budget: tier.budget, fleet: tier.roster.fleet };
  };
  return createExchange({
    ...remote,
    retry,
    known: () => lanes.breadth > 0,
    choose: () => laneOf(lanes.choose()),
    keyOf: affinity && ((context) => affinity({}, context)),
  });
}

function httpChannelOf(channel: Channel): HttpChannel {
  if (!('transport' in channel)) throw new Error('The channel is not HTTP');
  return channel as HttpChannel;
}
