import { routesOf, type Route } from '@facet/edge';
import type { RunningApp } from '@facet/service-kit';
import { judgeRest } from './judge-rest.js';
import type { Endpoint, EndpointRequest } from './endpoint.js';

/** RestExamples: what is in the path and the body of a request that is answered well. Which routes there are is not said here: the application knows. */
export interface RestExamples {
  /** Values by the name of the path parameter. */
  readonly path: Readonly<Record<string, string>>;
  /** Bodies by route, `POST /v1/rooms`: JSON, or whatever else `fetch` sends. */
  readonly bodies: Readonly<Record<string, object>>;
  /** Queries by route, where one is needed: `?limit=5`. */
  readonly queries?: Readonly<Record<string, string>>;
}

/** restEndpoints: every route of a running application, by what its decorators declare. Throws where an example is missing, or is for no route. */
export function restEndpoints(app: RunningApp['app'], examples: RestExamples): Endpoint[] {
  const routes = routesOf(app);
  const names = routes.map(nameOf);
  for (const name of [...Object.keys(examples.bodies), ...Object.keys(examples.queries ?? {})])
    if (!names.includes(name)) throw new Error(`There is an example for ${name}, and no such route`);
  return routes.map((route) => ({ name: nameOf(route), declared: route.faults, request: requestFor(route, examples), judge: judgeRest }));
}

function nameOf({ method, path }: Route): string {
  return `${method} ${path}`;
}

function requestFor(route: Route, { path, bodies, queries }: RestExamples): EndpointRequest {
  const name = nameOf(route);
  const filled = route.path.replace(/:(\w+)/g, (_, parameter: string) => {
    const value = path[parameter];
    if (value === undefined) throw new Error(`${name} needs an example of ${parameter}`);
    return encodeURIComponent(value);
  });
  const example = bodies[name];
  if ((route.inputs.body || route.inputs.upload) && !example) throw new Error(`${name} needs an example of its body`);
  const body =
    example && isPlain(example) ? { body: JSON.stringify(example), headers: { 'content-type': 'application/json' } } : { body: example };
  return { method: route.method, path: filled + (queries?.[name] ?? ''), ...(body as Pick<EndpointRequest, 'body' | 'headers'>) };
}

function isPlain(example: object): boolean {
  return Object.getPrototypeOf(example) === Object.prototype;
}
