import { RequestMethod, type INestApplicationContext, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { RouteConfig, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { accessOf } from '@facet/auth';
import { StartFailure } from '@facet/service-kit';
import { checkedSerializer } from './checked-serializer.js';
import { EdgeState } from './edge-state.js';
import { faultsOf } from './faults.decorator.js';
import { inputsOf } from './input.decorator.js';
import { returnedOf } from './returns.decorator.js';
import type { Route } from './route.js';

type Handler = (...args: unknown[]) => unknown;
const defaultBudgetMs = 1000;

/**
 * collectRoutes: every route of the application with what its decorators declare, tied to the router so that hooks find it as
 * `request.routeOptions.config.route`. StartFailure names each handler that does not say who may call it or what it returns.
 */
export function collectRoutes(
  app: NestFastifyApplication,
  { development, internalClients = [] }: { development: boolean; internalClients?: readonly string[] | undefined },
): Route[] {
  const internal = new Set(internalClients);
  const showsTimings = (client: string) => development || internal.has(client);
  const faults: string[] = [];
  const routes = handlersOf(app).flatMap(({ controller, handlerName, handler }) => {
    const name = `${controller.name}.${handlerName}`;
    const access = accessOf(handler, controller);
    const returns = returnedOf(handler);
    if (!access) faults.push(`${name} declares neither @Access nor @Public`);
    if (!returns) faults.push(`${name} declares none of @Returns, @ReturnsNothing, @ReturnsRaw`);
    if (!access || !returns) return [];
    const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
    const routesOfHandler = pathsOf(controller, handler).map((path): Route => ({
      name,
      tag: controller.name.replace(/Controller$/, ''),
      method,
      path,
      access,
      budgetMs: access.public ? defaultBudgetMs : (access.budgetMs ?? defaultBudgetMs),
      inputs: inputsOf(controller.prototype as object, handlerName),
      returns,
      faults: faultsOf(handler, controller),
      showsTimings,
      ...(returns.schema ? { serialize: checkedSerializer(returns.schema, name, { development }) } : {}),
    }));
    RouteConfig({ route: routesOfHandler[0] })(controller.prototype as object, handlerName, { value: handler });
    return routesOfHandler;
  });
  if (faults.length)
    throw new StartFailure(`A route must say who may call it and what it returns:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  return routes;
}

/** routesOf: every route of a running application of `httpServer`, with what it declares. */
export function routesOf(app: Pick<INestApplicationContext, 'get'>): readonly Route[] {
  return app.get(EdgeState, { strict: false }).routes;
}

interface FoundHandler {
  readonly controller: Type;
  readonly handlerName: string;
  readonly handler: Handler;
}

function handlersOf(app: NestFastifyApplication): FoundHandler[] {
  const scanner = new MetadataScanner();
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]);
  return controllers.flatMap(({ metatype }) => {
    const controller = metatype as Type;
    const prototype = controller.prototype as Record<string, Handler>;
    return scanner
      .getAllMethodNames(prototype)
      .map((handlerName) => ({ controller, handlerName, handler: prototype[handlerName]! }))
      .filter(({ handler }) => Reflect.hasMetadata(METHOD_METADATA, handler));
  });
}

function pathsOf(controller: Type, handler: Handler): string[] {
  const bases = asList(Reflect.getMetadata(PATH_METADATA, controller));
  const ends = asList(Reflect.getMetadata(PATH_METADATA, handler));
  return bases.flatMap((base) =>
    ends.map(
      (end) =>
        `/${[base, end]
          .map((part) => part.replace(/^\/+|\/+$/g, ''))
          .filter(Boolean)
          .join('/')}`,
    ),
  );
}

function asList(path: unknown): string[] {
  return Array.isArray(path) ? path.map(String) : [String(path ?? '')];
}
