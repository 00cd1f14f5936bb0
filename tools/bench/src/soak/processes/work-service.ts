import 'reflect-metadata';
import { openDatabase } from '@facet/database';
import { announce, onQuestion, settings } from '../../processes/announce.js';
import { watchLag } from './lag.js';
import { startSoakService } from './start-soak-service.js';
import { WorkController } from './work.controller.js';
import { Worker } from './worker.js';

// A service as ours are, with a database, that works on each call as the call says.

export interface WorkServiceSettings {
  readonly rootKey: string;
  readonly databaseUrl: string;
}

/** More than a service of ours has: what is judged is how work ends, and not how it queues. */
const poolSize = 40;

const { rootKey, databaseUrl } = settings<WorkServiceSettings>();
const db = openDatabase<unknown>({ url: databaseUrl, schema: 'public', applicationName: 'soak-service', poolSize });
const worker = new Worker(db);
const { port } = await startSoakService({ rootKey, controller: WorkController, works: { as: Worker, instance: worker } });
onQuestion('lag', watchLag());
onQuestion('events', () => worker.events);
onQuestion('forget', () => worker.forget());
announce({ port });
