import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startManagementServer, type Logger } from '@facet/observability';
import type { RunningServer } from '@facet/service-kit';
import { drain } from '@facet/service-kit/http';
import type { EdgeState } from './edge-state.js';
import { InternalListener, type InternalListenerSettings } from './internal-listener.js';
import { TlsListener, type TlsListenerSettings } from './tls-listener.js';

/** EdgeToRun: an application that listens already, and where else it is to be reached. */
export interface EdgeToRun {
  readonly name: string;
  readonly app: NestFastifyApplication;
  readonly host: string;
  readonly state: EdgeState;
  readonly logger: Logger;
  readonly managementPort: number;
  readonly tls: TlsListenerSettings | undefined;
  readonly internal: InternalListenerSettings | undefined;
}

const loopback = '127.0.0.1';

/** runEdge: opens the other listeners, of which each is closed again where one of them cannot be. */
export async function runEdge({
  name,
  app,
  host,
  state,
  logger,
  managementPort,
  tls = {},
  internal = {},
}: EdgeToRun): Promise<RunningServer> {
  const instance = app.getHttpAdapter().getInstance();
  const server = app.getHttpServer() as Server;
  const { port } = server.address() as AddressInfo;
  const { requestTimeout, headersTimeout, keepAliveTimeout } = server;
  const timeouts = { requestTimeout, headersTimeout, keepAliveTimeout };
  const served = {
    name,
    host,
    logger,
    timeouts,
    handler: (...exchange: Parameters<typeof instance.routing>) => instance.routing(...exchange),
  };
  const secure = await orClose(app, TlsListener.open(tls, served));
  const ours = await orClose(app, InternalListener.open(internal, served), () => secure?.drain(0));
  const management = await orClose(app, startManagementServer({ host: loopback, port: managementPort }), () =>
    Promise.all([secure?.drain(0), ours?.drain(0)]),
  );
  return {
    app,
    port,
    listening: {
      http: `http://${urlHost(host)}:${port}`,
      ...(secure && { https: `https://${urlHost(host)}:${secure.port}` }),
      ...(ours && { internal: `https://${urlHost(host)}:${ours.port}` }),
      management: `http://${loopback}:${management.port}`,
    },
    async stop(withinMs) {
      state.draining = true;
      await Promise.all([drain(server, withinMs), secure?.drain(withinMs), ours?.drain(withinMs)]);
      await app.close();
      await management.close();
    },
  };
}

async function orClose<Opened>(app: NestFastifyApplication, opening: Promise<Opened>, also?: () => unknown): Promise<Opened> {
  try {
    return await opening;
  } catch (error) {
    await also?.();
    await app.close();
    throw error;
  }
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
