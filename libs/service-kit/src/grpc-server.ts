import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { InternalTokenVerifier, type InternalTokenVerifierOptions } from '@facet/auth';
import { faultSwitchOf } from './fault-switch.js';
import { Health } from './health.js';
import { PassErrorsFilter } from './pass-errors.filter.js';
import { readinessOf } from './readiness.js';
import { addReflection } from './reflection.js';
import { heedRevocations } from './revocations-of.js';
import { RpcServer } from './rpc-server.js';
import type { ServerKind } from './server-kind.js';
import type { ServiceDefinition } from './service-definition.js';
import { serviceTls } from './service-tls.js';

/** GrpcServerOptions: the services of one process, its port (0: the system chooses), and the key that each issuer of internal tokens shares with it. */
export interface GrpcServerOptions {
  readonly services: readonly ServiceDefinition[];
  readonly port: number;
  readonly internalKeys: InternalTokenVerifierOptions['keys'];
  /** How long a connection lasts, in milliseconds; ten minutes unless told. */
  readonly connectionAgeMs?: number;
}

/**
 * grpcServer: serves the RPCs that the application's controllers declare with @Rpc and @BatchRpc, with grpc.health.v1, and with reflection and a
 * switch of faults in development. It does not start where a declared service has a method without a handler.
 */
export function grpcServer({ services, port, internalKeys, connectionAgeMs }: GrpcServerOptions): ServerKind {
  const names = services.map(({ fullName }) => fullName);
  return {
    start: async (served) => {
      const { name, module, host, development, logger, nestLogger } = served;
      const health = new Health(names);
      const verifier = new InternalTokenVerifier({ audience: name, keys: internalKeys });
      const tls = serviceTls(served, verifier.issuers);
      const inForce = faultSwitchOf({ name, development, logger });
      const rpc = new RpcServer({
        services,
        host,
        port,
        verifier,
        logger,
        tls,
        connectionAgeMs,
        extend: (server) => {
          health.addToServer(server);
          if (development) addReflection(server, names, logger);
        },
        faults: inForce?.faults,
      });
      const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, {
        strategy: rpc,
        logger: nestLogger,
        abortOnError: false,
      });
      heedRevocations(app, verifier);
      app.useGlobalFilters(new PassErrorsFilter());
      await app.listen().catch(async (error: unknown) => {
        inForce?.close();
        tls?.certificate.close();
        await app.close();
        throw error;
      });
      await health.follow(readinessOf(app));
      return {
        app,
        port: rpc.port,
        listening: { grpc: `${host}:${rpc.port}` },
        stop: async (withinMs) => {
          health.stop();
          inForce?.close();
          tls?.certificate.close();
          await rpc.drain(withinMs);
          await app.close();
        },
      };
    },
  };
}
