import type { RequestContext } from '@facet/context';
import {
  effectsOf,
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
 * Client: a service's methods as functions: the request, of which anything may be left out, and the context that it is asked in. Rejects
 * with a DownstreamError where there is no usable answer, else with the ProblemError that the service answered. An answer may be shared
 * with others who asked the same, and is frozen then.
 */
export type Client<S extends ServiceDefinition> = {
  readonly [M in SingleMethod<S>]: (request: DeepPartial<RequestOf<S, M>>, context: RequestContext) => Promise<ResponseOf<S, M>>;
};

type Ask = (request: object, context: RequestContext) => Promise<unknown>;

/** createClient: the client of one service. A call without side effects may be answered by a kept answer, where its context allows it. */
export function createClient<S extends ServiceDefinition>(remote: Remote & { readonly service: S }, lastGood: LastGood): Client<S> {
  const { service, policy } = remote;
  for (const name of Object.keys(policy.methods ?? {})) methodOf(service, name);
  const twins = new Set(Object.values(service.batchedBy));
  const asks = Object.keys(service.methods)
    .filter((name) => !twins.has(name))
    .map((name) => [name, effectsOf(methodOf(service, name)) === 'none' ? readOf(remote, name, lastGood) : writeOf(remote, name)]);
  return Object.fromEntries(asks) as Client<S>;
}

function writeOf(remote: Remote, name: string): Ask {
  const method = new MethodClient(remote, name);
  return (request, context) => method.ask(request, context);
}

function readOf(remote: Remote, name: string, lastGood: LastGood): Ask {
  const definition = methodOf(remote.service, name);
  const path = pathOf(remote.service, definition);
  const { requestType, responseType } = definition;
  const form: KeptForm = {
    encode: (answer) => encodeMessage(responseType, answer),
    decode: (bytes) => responseType.decode(bytes),
  };
  const method = new MethodClient(remote, name, (caller, request) => lastGood.refused(path, caller, request));
  const orKept: Ask = async (request, context) => {
    const bytes = encodeMessage(requestType, requestType.fromPartial(request));
    return lastGood.orKept(context, path, bytes, () => method.ask(request, context), form);
  };
  return (request, context) => (context.maxStaleMs === undefined ? method.ask(request, context) : orKept(request, context));
}
