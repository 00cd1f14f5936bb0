import 'reflect-metadata';
import { createParamDecorator, RequestMapping, RequestMethod, type ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { RequestContext } from '@facet/context';
import { ProblemError } from '@facet/errors';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { check } from './serve-single.js';
import type { Codec, ResponseOf, ServiceDefinition } from './service-definition.js';

/** JsonCodec: a protobuf message that can be read and written as proto3 JSON as well. */
export interface JsonCodec<T = unknown> extends Codec<T> {
  fromJSON(object: unknown): T;
  toJSON(message: T): unknown;
}

/** HttpServiceDefinition: a service as `@facet/contracts/<domain>/http` exports it, with the route of each method: `GET /v1/attachments/{id}`. */
export interface HttpServiceDefinition extends ServiceDefinition {
  readonly http: Readonly<Record<string, string>>;
}

interface HttpMethod {
  readonly name: string;
  readonly requestType: JsonCodec;
  readonly responseType: JsonCodec;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How the answer of a route that serves an RPC is written. */
    answers?: JsonCodec;
  }
}

/** CallContext: the RequestContext of a request to an HTTP service, as a parameter of a handler. */
export const CallContext: () => ParameterDecorator = createParamDecorator((_: unknown, execution: ExecutionContext) => {
  const request = execution.switchToHttp().getRequest<FastifyRequest>();
  return request.call.contextOf(request);
});

type Handler<Schema extends z.ZodType, Response> = (request: z.output<Schema>, context: RequestContext) => Response | Promise<Response>;

/**
 * HttpRpc: the method of a controller that serves one RPC over plain HTTP, at the route that its contract names. Path and query make the request, which must
 * fit the schema; the answer is the response as proto3 JSON. For methods without a body.
 */
export function HttpRpc<
  const S extends HttpServiceDefinition,
  M extends keyof S['http'] & keyof S['methods'] & string,
  Schema extends z.ZodType,
>(service: S, method: M, schema: Schema) {
  const [verb = '', path = ''] = (service.http[method] ?? '').split(' ');
  const { name: rpc, requestType, responseType } = service.methods[method]! as unknown as HttpMethod;
  const input = createParamDecorator((_: unknown, execution: ExecutionContext) => {
    const { query, params } = execution.switchToHttp().getRequest<FastifyRequest>();
    return check(schema, readRequest(requestType, { ...(query as object), ...(params as object) }));
  });
  return <H extends Handler<Schema, ResponseOf<S, M>>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<H>,
  ): void => {
    const route = { method: RequestMethod[verb as keyof typeof RequestMethod], path: path.replace(/\{(\w+)\}/g, ':$1') };
    RequestMapping(route)(target, key, descriptor);
    RouteConfig({ answers: responseType, rpc })(target, key, descriptor);
    input()(target, key, 0);
    CallContext()(target, key, 1);
  };
}

/** A message from parameters; a list that was given one item is a list. */
function readRequest(codec: JsonCodec, given: Readonly<Record<string, unknown>>): unknown {
  const fields = codec.fromPartial({}) as Record<string, unknown>;
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(fields, name));
  if (unknown.length > 0) {
    const errors = unknown.slice(0, 20).map((name) => ({ pointer: name.slice(0, 200), detail: 'is not known here' }));
    throw new ProblemError('invalid-request', { detail: 'A parameter is wrong.', errors });
  }
  return codec.fromJSON(
    Object.fromEntries(Object.entries(given).map(([name, value]) => [name, Array.isArray(fields[name]) ? [value].flat() : value])),
  );
}
