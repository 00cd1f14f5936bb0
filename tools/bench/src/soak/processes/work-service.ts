import 'reflect-metadata';
import { deriveInternalKey } from '@facet/auth';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { openDatabase } from '@facet/database';
import { grpcServer, startApp } from '@facet/service-kit';
import { announce, onQuestion, settings } from '../../processes/announce.js';
import { watchLag } from './lag.js';
import { soakRooms } from './soak-rooms.js';
import { WorkController } from './work.controller.js';
import { Worker } from './worker.js';

// A service as ours are, with a database, that works on each call as the call says.

export interface WorkServiceSettings {
  readonly rootKey: string;
  readonly databaseUrl: string;
}

const name = 'soak-service';
/** More than a service of ours has: what is judged is how work ends, and not how it queues. */
const poolSize = 40;

const { rootKey, databaseUrl } = settings<WorkServiceSettings>();
const db = openDatabase<unknown>({ url: databaseUrl, schema: 'public', applicationName: name, poolSize });
const worker = new Worker(db);

class WorkModule {}

const { port } = await startApp({
  name,
  config: { FACET_ENV: 'production', HOST: '127.0.0.1', LOG_LEVEL: 'error', SHUTDOWN_MS: 2_000 },
  module: { module: WorkModule, controllers: [WorkController], providers: [{ provide: Worker, useValue: worker }] },
  server: grpcServer({
    services: [PresenceService, soakRooms],
    port: 0,
    internalKeys: { 'mobile-bff': deriveInternalKey(Buffer.from(rootKey, 'base64url'), name) },
  }),
});
onQuestion('lag', watchLag());
onQuestion('events', () => worker.events);
onQuestion('forget', () => worker.forget());
announce({ port });
