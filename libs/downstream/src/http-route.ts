import { ProblemError } from '@facet/errors';
import { methodOf, pathOf, type MethodDefinition, type ServiceDefinition } from '@facet/service-kit/wire';
import type { JsonCodec } from './http-json.js';

/** HttpServiceDefinition: a service as `@facet/contracts/<domain>/http` exports it: with the route of each method, `GET /v1/things/{id}`. */
export interface HttpServiceDefinition extends ServiceDefinition {
  readonly http: Readonly<Record<string, string>>;
}

/** HttpCall: a request of a method, as HTTP. */
export interface HttpCall {
  readonly method: string;
  readonly path: string;
  /** JSON. */
  readonly body?: Buffer;
}

/** HttpRoute: where a method is served, and how its messages are written and read. */
export interface HttpRoute {
  readonly responseType: JsonCodec;
  /** The answer says nothing but that it was done. */
  readonly answersNothing: boolean;
  /** From protobuf. Throws a ProblemError where a field cannot be a part of a path. */
  write(request: Buffer): HttpCall;
}

/** routesOf: the routes of a service by the path of the RPC. Throws where the service does not say them, or says them wrong. */
export function routesOf(service: HttpServiceDefinition): ReadonlyMap<string, HttpRoute> {
  return new Map(
    Object.keys(service.methods).map((name) => {
      const method = methodOf(service, name);
      return [pathOf(service, method), routeOf(method, service.http[name] ?? '')];
    }),
  );
}

const routeText = /^(GET|DELETE|POST|PUT|PATCH) (\/(?:[\w.~-]+|\{\w+\})(?:\/(?:[\w.~-]+|\{\w+\}))*)$/;

function routeOf({ name, requestType, responseType }: MethodDefinition, text: string): HttpRoute {
  const [, method, template] = routeText.exec(text) ?? [];
  if (!method || !template || !isJson(requestType) || !isJson(responseType)) throw new Error(`${name} has no route: ${text}`);
  const hasBody = method !== 'GET' && method !== 'DELETE';
  return {
    responseType,
    answersNothing: Object.keys(responseType.fromPartial({}) as object).length === 0,
    write: (request) => {
      const fields = new Map(Object.entries(requestType.toJSON(requestType.decode(request)) as object));
      const path = template.replace(/\{(\w+)\}/g, (_, field: string) => pathPart(field, fields));
      if (hasBody) return { method, path, body: Buffer.from(JSON.stringify(Object.fromEntries(fields))) };
      return { method, path: path + queryOf(fields) };
    },
  };
}

/** The field's value, which no other part of the request repeats. Empty and dots would be another path. */
function pathPart(field: string, fields: Map<string, unknown>): string {
  const key = field.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const text = String(fields.get(key) ?? '');
  fields.delete(key);
  if (text !== '' && text !== '.' && text !== '..') return encodeURIComponent(text);
  throw new ProblemError('validation-failed', { errors: [{ pointer: `/${field}`, detail: 'It names nothing.' }] });
}

/** A list is its parameter, repeated. */
function queryOf(fields: ReadonlyMap<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [field, value] of fields) for (const one of Array.isArray(value) ? value : [value]) query.append(field, parameter(field, one));
  return query.size > 0 ? `?${query}` : '';
}

function parameter(field: string, value: unknown): string {
  if (typeof value === 'object') throw new Error(`${field} is a message, which a query cannot hold`);
  return String(value);
}

function isJson(codec: object): codec is JsonCodec {
  return 'fromJSON' in codec && 'toJSON' in codec;
}
