import type { RequestContext } from '@facet/context';
import {
  methodOf,
  pathOf,
  type DeepPartial,
  type RequestOf,
  type ResponseOf,
  type ServiceDefinition,
  type SingleMethod,
} from '@facet/service-kit/wire';
import { askSingle } from './ask-single.js';
import { Batcher } from './batcher.js';
import { LastGood } from './last-good.js';
import { bytesOf, type Remote } from './remote.js';

/**
 * Client: a service's methods as functions: the request, of which anything may be left out, and the context that it is asked in. Rejects with a
 * DownstreamError where there is no usable answer, else with the ProblemError that the service answered. An answer may be shared with others who
 * asked the same: never change it.
 */
export type Client<S extends ServiceDefinition> = {
  readonly [M in SingleMethod<S>]: (request: DeepPartial<RequestOf<S, M>>, context: RequestContext) => Promise<ResponseOf<S, M>>;
};

type Ask = (request: object, context: RequestContext) => Promise<unknown>;

/** createClient: the client of one service. Methods with a batch twin travel together; a call whose context allows it may be answered by a kept answer. */
export function createClient<S extends ServiceDefinition>(service: S, remote: Remote): Client<S> {
  const twins = new Set(Object.values(service.batchedBy));
  const lastGood = new LastGood();
  const asks = Object.keys(service.methods)
    .filter((name) => !twins.has(name))
    .map((name) => [name, withLastGood(lastGood, service, name, wire(service, name, remote))]);
  return Object.fromEntries(asks) as Client<S>;
}

function wire(service: ServiceDefinition, name: string, remote: Remote): Ask {
  const twin = service.batchedBy[name];
  if (twin === undefined) {
    const method = methodOf(service, name);
    return (request, context) => askSingle(remote, method, request, context);
  }
  const batcher = new Batcher(remote, name, twin);
  return (request, context) => batcher.ask(request, context);
}

function withLastGood(lastGood: LastGood, service: ServiceDefinition, name: string, ask: Ask): Ask {
  const method = methodOf(service, name);
  const path = pathOf(service, method);
  return async (request, context) => {
    if (context.maxStaleMs === undefined) return ask(request, context);
    return lastGood.orKept(context, path, bytesOf(method, request), async () => ask(request, context));
  };
}
