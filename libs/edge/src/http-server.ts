import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readinessOf, type AppToServe, type RunningServer, type ServerKind } from '@facet/service-kit';
import { collectRoutes } from './collect-routes.js';
import { EdgeAdapter, fastifyOptions } from './edge-adapter.js';
import { knowEnds } from './end-when-revoked.js';
import { installHooks } from './edge-hooks.js';
import { EdgeState } from './edge-state.js';
import { EdgeModule } from './edge.module.js';
import type { InternalListenerSettings } from './internal-listener.js';
import type { OpenApiInfo } from './open-api.js';
import { problemFilterOf } from './problem.filter.js';
import type { ProxySettings } from './proxies.js';
import { runEdge } from './run-edge.js';
import type { TlsListenerSettings } from './tls-listener.js';

/** HttpServerOptions: where an HTTP application listens (port 0: the system chooses) and what it documents. */
export interface HttpServerOptions {
  readonly port: number;
  /** Listener for `/metrics`, loopback only. */
  readonly managementPort: number;
  /** OAuth clients of our own, which are shown how long the parts of their answers took (`server-timing`), as everybody is in development. */
  readonly internalClients?: readonly string[] | undefined;
  /** Whose pages may call it from a browser, and read its answers. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Who may speak for clients. Unless told, nobody: a client is where its connection comes from. */
  readonly proxies?: ProxySettings | undefined;
  /** A listener by TLS beside the plain one, which asks clients for certificates. */
  readonly tls?: TlsListenerSettings | undefined;
  /** A listener for our own applications, by mutual TLS, where the settings name a certificate and a port. */
  readonly internal?: InternalListenerSettings | undefined;
  /** With it: `/openapi.json` and `/docs`. */
  readonly openApi?: OpenApiInfo;
  /** Called before routes are registered, for what is no controller, such as an OpenID provider. */
  readonly setup?: (app: NestFastifyApplication) => void | Promise<void>;
}

/**
 * httpServer: Nest on Fastify as every HTTP application of ours has it: problem+json for every failure, health, metrics on a listener of its own, request
 * ids, security headers, bounded bodies, access log. A route without @Access or @Public keeps it from starting.
 */
export function httpServer(options: HttpServerOptions): ServerKind {
  return { start: (served) => start(options, served) };
}

async function start(options: HttpServerOptions, served: AppToServe): Promise<RunningServer> {
  const { logger, host, nestLogger, development } = served;
  const { proxies } = options;
  const state = new EdgeState(options.openApi);
  const app = await NestFactory.create<NestFastifyApplication>(
    EdgeModule.around(served.module, state),
    new EdgeAdapter(fastifyOptions(logger, proxies)),
    { logger: nestLogger, abortOnError: false, bodyParser: false },
  );
  try {
    installHooks(app.getHttpAdapter().getInstance(), { logger, state, proxies, corsOrigins: options.corsOrigins });
    const filter = problemFilterOf(app, { logger, development });
    app.useGlobalFilters(filter);
    knowEnds(app, filter);
    state.routes = collectRoutes(app, { development, internalClients: options.internalClients });
    const readiness = readinessOf(app);
    state.findUnready = () => readiness.check();
    await options.setup?.(app);
    await app.listen({ port: options.port, host });
  } catch (error) {
    await app.close();
    throw error;
  }
  const { managementPort, tls, internal } = options;
  return runEdge({ name: served.name, app, host, state, logger, managementPort, tls, internal });
}
