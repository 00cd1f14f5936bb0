import { randomBytes } from 'node:crypto';
import { deriveInternalKey } from '@facet/auth';
import type { Caller } from '@facet/context';
import type { Migrations } from '@facet/database';
import { connectClients, type Client } from '@facet/downstream';
import { Events } from '@facet/events';
import { silentLogger } from '@facet/observability';
import { grpcServer, startApp, type NestModule, type RunningApp } from '@facet/service-kit';
import type { ServiceDefinition } from '@facet/service-kit/wire';
import { closedAfterwards } from './cleanup.js';
import { testDatabase, type TestDatabase } from './test-database.js';

/** importer: the caller that import services are for, and that nothing else is for. */
export const importer: Caller = {
  subject: 'importer',
  kind: 'service',
  client: 'importer',
  scopes: ['import'],
  roles: [],
  permissions: [],
};

/** ServiceOptions: a service as its main.ts declares it. */
export interface ServiceOptions<Services extends Record<string, ServiceDefinition>> {
  readonly name: string;
  readonly schema: string;
  readonly migrations: Migrations;
  readonly services: Services;
  readonly module: (config: { DATABASE_URL: string; KAFKA_BROKERS: string[] }) => NestModule;
}

/** RunningService: a service on a fresh database, and typed clients of it. */
export interface RunningService<Tables, Services extends Record<string, ServiceDefinition>> {
  readonly database: TestDatabase<Tables>;
  readonly app: RunningApp['app'];
  /** `static:…`, as a BFF would be told. */
  readonly target: string;
  /** As mobile-bff calls: for users of `mobile-app`. Calls of one tick travel as a batch. */
  readonly clients: { readonly [Name in keyof Services]: Client<Services[Name]> };
  /** As the importer calls, for nobody but itself. */
  readonly importing: { readonly [Name in keyof Services]: Client<Services[Name]> };
  /** Resolves once all that was published is out and all that is in the log was consumed. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** startService: the service as it runs in production, over gRPC on a port of the system's choice. Stopped after the test file at the latest. */
export async function startService<Tables, const Services extends Record<string, ServiceDefinition>>({
  name,
  schema,
  migrations,
  services,
  module,
}: ServiceOptions<Services>): Promise<RunningService<Tables, Services>> {
  const database = await testDatabase<Tables>({ schema, migrations });
  const rootKeys = { 'mobile-bff': randomBytes(32), importer: randomBytes(32) };
  const internalKeys = Object.fromEntries(Object.entries(rootKeys).map(([issuer, key]) => [issuer, deriveInternalKey(key, name)]));
  const running = await startApp({
    name,
    config: { FACET_ENV: 'production', HOST: '127.0.0.1', LOG_LEVEL: 'silent', SHUTDOWN_MS: 2_000 },
    module: module({ DATABASE_URL: database.url, KAFKA_BROKERS: [] }),
    server: grpcServer({ services: Object.values(services), port: 0, internalKeys }),
    logger: silentLogger,
  });
  const target = `static:127.0.0.1:${running.port}`;
  const connect = (issuer: keyof typeof rootKeys) =>
    connectClients({
      issuer,
      rootKey: rootKeys[issuer],
      clients: Object.fromEntries(
        Object.entries(services).map(([key, service]) => [key, { service, dependency: key, audience: name, target, deadlineMs: 10_000 }]),
      ),
    });
  const users = connect('mobile-bff');
  const imports = connect('importer');
  const stop = closedAfterwards(async () => {
    await Promise.all([users.close(), imports.close()]);
    await running.stop();
    await database.close();
  });
  type Clients = RunningService<Tables, Services>['clients'];
  return {
    database,
    app: running.app,
    target,
    clients: users.clients as unknown as Clients,
    importing: imports.clients as unknown as Clients,
    settle: () => running.app.get(Events, { strict: false }).flush(),
    stop,
  };
}
