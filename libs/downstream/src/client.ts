import type { RequestContext } from '@facet/context';
import {
  encodeMessage,
  methodOf,
  pathOf,
  type DeepPartial,
  type RequestOf,
  type ResponseOf,
  type ServiceDefinition,
  type SingleMethod,
} from '@facet/service-kit/wire';
import type { KeptForm, LastGood } from './last-good.js';
import { MethodClient } from './method-client.js';
import type { Remote } from './remote.js';

/**
 * Client: a service's methods as functions: the request, of which anything may be left out, and the context that it is asked in. Rejects with a
 * DownstreamError where there is no usable answer, else with the ProblemError that the service answered. An answer may be shared with others who
 * asked the same, and is frozen then.
 */
export type Client<S extends ServiceDefinition> = {
  readonly [M in SingleMethod<S>]: (request: DeepPartial<RequestOf<S, M>>, context: RequestContext) => Promise<ResponseOf<S, M>>;
};

type Ask = (request: object, context: RequestContext) => Promise<unknown>;

/** createClient: the client of one service. A call whose context allows it may be answered by a kept answer. */
export function createClient<S extends ServiceDefinition>(remote: Remote & { readonly service: S }, lastGood: LastGood): Client<S> {
  const { service, policy } = remote;
  for (const name of Object.keys(policy.methods ?? {})) methodOf(service, name);
  const twins = new Set(Object.values(service.batchedBy));
  const asks = Object.keys(service.methods)
    .filter((name) => !twins.has(name))
    .map((name) => {
      const method = new MethodClient(remote, name);
      return [name, withLastGood(lastGood, service, name, (request, context) => method.ask(request, context))];
    });
  return Object.fromEntries(asks) as Client<S>;
}

function withLastGood(lastGood: LastGood, service: ServiceDefinition, name: string, ask: Ask): Ask {
  const method = methodOf(service, name);
  const path = pathOf(service, method);
  const { requestType, responseType } = method;
  const form: KeptForm = {
    encode: (answer) => encodeMessage(responseType, answer),
    decode: (bytes) => responseType.decode(bytes),
  };
  return (request, context) => {
    if (context.maxStaleMs === undefined) return ask(request, context);
    const bytes = encodeMessage(requestType, requestType.fromPartial(request));
    return lastGood.orKept(context, path, bytes, () => ask(request, context), form);
  };
}
