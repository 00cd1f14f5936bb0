import 'reflect-metadata';
import type { RunningApp } from '@facet/service-kit';
import { announce, onQuestion, settings } from '../../processes/announce.js';
import { pause } from '../send.js';
import { Consul } from './consul.js';
import { startSoakService } from './start-soak-service.js';
import { TroubleController } from './trouble.controller.js';
import { Trouble } from './trouble.js';

// A hundred places for instances in one process, of which at any time some are taken, and a registry that knows which. Half of those that
// go say so first and finish what they have begun; the others are gone, and the registry learns of it a moment later.

const places = 100;
const fewest = 30;
const noticedAfterMs = 100;

const { rootKey } = settings<{ readonly rootKey: string }>();
const consul = new Consul();
const registryPort = await consul.listen();
const running = new Set<RunningApp>();
const changes = { came: 0, left: 0, died: 0 };
let working: Promise<void> | undefined;
let resting = true;

async function come(): Promise<void> {
  const trouble = new Trouble();
  trouble.take(1);
  const app = await startSoakService({ rootKey, controller: TroubleController, works: { as: Trouble, instance: trouble } });
  running.add(app);
  consul.register(app.port);
  changes.came++;
}

async function go(): Promise<void> {
  const app = [...running][Math.floor(Math.random() * running.size)];
  if (!app) return;
  running.delete(app);
  if (Math.random() < 0.5) {
    consul.deregister(app.port);
    changes.left++;
    await app.stop();
  } else {
    changes.died++;
    await app.app.close();
    await pause(noticedAfterMs);
    consul.deregister(app.port);
  }
}

async function churn(): Promise<void> {
  while (!resting) {
    const more = running.size <= fewest || (running.size < places && Math.random() < 0.5);
    await Promise.all([more ? come() : go(), pause(50 + Math.random() * 100)]);
  }
}

for (let place = 0; place < (places + fewest) / 2; place++) await come();
onQuestion('churn', () => {
  resting = false;
  working = churn();
});
onQuestion('rest', async () => {
  resting = true;
  await working;
  return { addresses: consul.addresses, changes };
});
onQuestion('registry', (state) => (state === 'away' ? consul.die() : consul.listen(registryPort)));
onQuestion('come', come);
announce({ target: `consul://127.0.0.1:${registryPort}/soak-service` });
