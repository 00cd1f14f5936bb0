import 'reflect-metadata';
import { announce, onQuestion, settings } from '../../processes/announce.js';
import { watchLag } from './lag.js';
import { startSoakService } from './start-soak-service.js';
import { TroubleController } from './trouble.controller.js';
import { Trouble, type Mood } from './trouble.js';

// A service as ours are, without a database, that can be told to fail or to be slow.

const { rootKey } = settings<{ readonly rootKey: string }>();
const trouble = new Trouble();
const { port } = await startSoakService({ rootKey, controller: TroubleController, works: { as: Trouble, instance: trouble } });
onQuestion('lag', watchLag());
onQuestion('become', (mood) => trouble.become(mood as Mood));
onQuestion('take', (ms) => trouble.take(ms as number));
onQuestion('seen', () => trouble.seen);
announce({ port });
