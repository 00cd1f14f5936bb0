import 'reflect-metadata';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { RequestContext as Context } from '@facet/context';
import { strict, validateBody, validateParameters } from '@facet/service-kit/http';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { contextOf } from './edge-request.js';
import { parseJson } from './json-body.js';
import type { RouteInputs } from './route.js';
import { notesTimings } from './server-timing.js';

const key = Symbol('facet:inputs');

/** RequestContext: the request's context, as a parameter of a handler; also its type. */
export const RequestContext: () => ParameterDecorator = createParamDecorator((_: unknown, execution: ExecutionContext) => {
  const request = requestOf(execution);
  return notesTimings(request, contextOf(request));
});
export type RequestContext = Context;

/** PathParams: the parameters of the path, parsed by a schema of an object; else 400. */
export function PathParams(schema: z.ZodType): ParameterDecorator {
  return input('path', schema, ({ params }) => validateParameters(schema, params));
}

/** QueryParams: the query, parsed by a schema of an object; an unknown parameter, or one given twice where the schema wants no array, is a 400. */
export function QueryParams(schema: z.ZodType): ParameterDecorator {
  const exact = strict(schema);
  return input('query', exact, ({ query }) => validateParameters(exact, query));
}

/** JsonBody: the JSON body, parsed by a schema: 400 where it is no JSON, 422 with pointers where it does not fit, unknown fields included. */
export function JsonBody(schema: z.ZodType): ParameterDecorator {
  const exact = strict(schema);
  return input('body', exact, (request) => validateBody(exact, jsonBodyOf(request)));
}

/** jsonBodyOf: the parsed JSON body of a request, for who reads it before its handler does. Throws as JsonBody does. */
export function jsonBodyOf(request: FastifyRequest): unknown {
  const { edge } = request;
  edge.body ??= { value: parseJson(request.body as Uint8Array | undefined) };
  return edge.body.value;
}

/** inputsOf: the schemas that a handler's parameters declare. */
export function inputsOf(controller: object, handler: string): RouteInputs {
  return Reflect.getMetadata(key, controller, handler) ?? {};
}

function input(name: 'path' | 'query' | 'body', schema: z.ZodType, read: (request: FastifyRequest) => unknown): ParameterDecorator {
  const decorate = createParamDecorator((_: unknown, context: ExecutionContext) => read(requestOf(context)))();
  return (controller, handler, index) => {
    declareInput(controller, handler, { [name]: schema });
    decorate(controller, handler, index);
  };
}

/** declareInput: notes one more thing that a handler takes. */
export function declareInput(controller: object, handler: string | symbol | undefined, input: RouteInputs): void {
  if (handler === undefined) throw new Error('Inputs belong to parameters of handlers');
  Reflect.defineMetadata(key, { ...inputsOf(controller, String(handler)), ...input }, controller, handler);
}

function requestOf(context: ExecutionContext): FastifyRequest {
  return context.switchToHttp().getRequest<FastifyRequest>();
}
