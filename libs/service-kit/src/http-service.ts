import type { Server } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { InternalTokenVerifier, type InternalTokenVerifierOptions } from '@facet/auth';
import { drain } from './drain.js';
import { HttpServiceAdapter, httpServiceOptions } from './http-adapter.js';
import { installHttpFaults } from './http-faults.js';
import { HttpHealthController, HttpState } from './http-health.controller.js';
import { installHttpHooks } from './http-hooks.js';
import { HttpProblemFilter } from './http-problem.filter.js';
import { readinessOf } from './readiness.js';
import { heedRevocations } from './revocations-of.js';
import type { AppToServe, NestModule, RunningServer, ServerKind } from './server-kind.js';
import { serviceTls, type ServiceTls } from './service-tls.js';
import { guardConnections } from './tls-peers.js';

/** HttpServiceOptions: where an HTTP service listens (port 0: the system chooses), who may call it, and what it reads. */
export interface HttpServiceOptions {
  readonly port: number;
  /** The key that each issuer of internal tokens shares with this service. */
  readonly internalKeys: InternalTokenVerifierOptions['keys'];
  /** Content types whose bodies handlers read as they come, such as `multipart/form-data`; they bound them too. Other bodies are refused. */
  readonly streams?: readonly string[];
  /** Time for a client to send its whole request. Default 15,000. */
  readonly receiveMs?: number;
}

/**
 * httpService: serves the RPCs that controllers declare with @HttpRpc, and their plain routes, to our own applications: the caller is whom the internal token
 * names, the time is `request-timeout-ms` (10 s where nobody says), every failure is problem+json. With `/health/live` and `/health/ready`.
 */
export function httpService(options: HttpServiceOptions): ServerKind {
  return { start: (served) => start(options, served) };
}

async function start(
  { port, internalKeys, streams = [], receiveMs = 15_000 }: HttpServiceOptions,
  served: AppToServe,
): Promise<RunningServer> {
  const { name, module, host, logger, nestLogger } = served;
  const state = new HttpState();
  const verifier = new InternalTokenVerifier({ audience: name, keys: internalKeys });
  const tls = serviceTls(served, verifier.issuers);
  const adapter = new HttpServiceAdapter(httpServiceOptions(logger, receiveMs, tls));
  const app = await NestFactory.create<NestFastifyApplication>(HttpModule.around(module, state), adapter, {
    logger: nestLogger,
    abortOnError: false,
    bodyParser: false,
  });
  try {
    const instance = app.getHttpAdapter().getInstance();
    heedRevocations(app, verifier);
    installHttpHooks(instance, { logger, verifier, streams, state, peers: tls?.peers });
    if (tls) followTls(instance.server as SecureServer, tls);
    installHttpFaults(instance, served);
    app.useGlobalFilters(new HttpProblemFilter(logger));
    const readiness = readinessOf(app);
    state.findUnready = () => readiness.check();
    await app.listen({ port, host });
  } catch (error) {
    tls?.certificate.close();
    await app.close();
    throw error;
  }
  return run(app, host, state, tls);
}

/** Connections are those of its peers, and see its certificate as it is when they begin. */
function followTls(server: SecureServer, { certificate, peers }: ServiceTls): void {
  certificate.onChange(() => server.setSecureContext(certificate.options));
  guardConnections(server, peers);
}

function run(app: NestFastifyApplication, host: string, state: HttpState, tls: ServiceTls | undefined): RunningServer {
  const server = app.getHttpServer() as Server;
  const { port } = server.address() as AddressInfo;
  return {
    app,
    port,
    listening: { http: `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}` },
    async stop(withinMs) {
      state.draining = true;
      tls?.certificate.close();
      await drain(server, withinMs);
      await app.close();
    },
  };
}

/** The application's module and its health. */
@Module({})
class HttpModule {
  static around(application: NestModule, state: HttpState): DynamicModule {
    return {
      module: HttpModule,
      imports: [application],
      controllers: [HttpHealthController],
      providers: [{ provide: HttpState, useValue: state }],
    };
  }
}
