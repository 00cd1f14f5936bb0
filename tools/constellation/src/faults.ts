import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { apps, detourPort, isService, type App } from './apps.js';
import type { Choices } from './config.js';
import { writePrivately } from './private-file.js';
import { untilReady } from './readiness.js';
import { Supervised } from './supervised.js';

const readyWithinMs = 20_000;
const patienceMs = 1_000;

/** What `npm run fault` writes and the services read; there while Facet runs, with `network` where connections take the detour. */
export function faultsFile(home: string): string {
  return join(home, 'faults.json');
}

/** What stands between BFFs and services: with --faults a proxy in front of each, else nothing. Every start begins whole. */
export async function openFaults(choices: Choices): Promise<{ stop(): Promise<void> }> {
  const { home, faults, portOffset, inherited } = choices;
  const path = faultsFile(home);
  writePrivately(path, { calls: {}, ...(faults && { network: {} }) });
  const forget = () => rmSync(path, { force: true });
  if (!faults) return { stop: async () => forget() };
  const environment = { ...(inherited as Record<string, string>), FACET_HOME: home, FACET_PORT_OFFSET: String(portOffset) };
  const proxies = new Supervised({ name: 'network', index: apps.length, module: 'tools/faults/dist/network.js', environment });
  const stop = async () => {
    await proxies.stop(patienceMs);
    forget();
  };
  proxies.start();
  try {
    await Promise.all(services.map((app) => ready(app, portOffset, proxies)));
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

/** What BFFs call. */
export const services: readonly App[] = apps.filter(isService);

function ready(app: App, portOffset: number, proxies: Supervised): Promise<void> {
  const failed = () => (proxies.deaths > 0 ? 'The fault proxies do not start: see their lines above.' : undefined);
  return untilReady({ ...app, kind: 'grpc' }, detourPort(app, portOffset), { withinMs: readyWithinMs, failed });
}
