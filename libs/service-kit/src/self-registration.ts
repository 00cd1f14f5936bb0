import { networkInterfaces } from 'node:os';
import type { INestApplicationContext } from '@nestjs/common';
import type { Registration } from '@facet/discovery';
import type { Logger } from '@facet/observability';
import { readinessOf } from './readiness.js';
import { StartFailure } from './start-failure.js';

/** PlaceConfig: the settings of `placeSettings` (@facet/config). */
export interface PlaceConfig {
  /** `consul://agent:8500` or `eureka://host:8761/eureka`; registered nowhere unless set. */
  readonly REGISTRY?: string | undefined;
  /** Host at which others reach the process; unless set, what it listens on, or the first address of the machine. */
  readonly ADVERTISED_ADDRESS?: string | undefined;
  readonly ZONE?: string | undefined;
  readonly WEIGHT?: number | undefined;
  readonly VERSION?: string | undefined;
  /** Milliseconds between leaving the registry and taking no more calls. */
  readonly LEAVING_MS?: number | undefined;
}

/** Served: what runs, as a registry is told of it. */
export interface Served {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly app: INestApplicationContext;
  readonly logger: Logger;
}

/** registerSelf: has the registry of the settings told of an application that listens, as soon as it is ready; undefined where there is none. Rejects where the settings cannot be. */
export async function registerSelf(config: PlaceConfig, served: Served): Promise<Registration | undefined> {
  const { REGISTRY, ADVERTISED_ADDRESS, ZONE, WEIGHT, VERSION } = config;
  if (REGISTRY === undefined) return undefined;
  const { keepRegistered, reportTo } = await import('@facet/discovery');
  const { name, host, port, app, logger } = served;
  const readiness = readinessOf(app);
  const self = { name, address: ADVERTISED_ADDRESS ?? addressOf(host), port, zone: ZONE, weight: WEIGHT, version: VERSION };
  return keepRegistered(REGISTRY, self, { report: reportTo(logger), ready: async () => (await readiness.check()).length === 0 });
}

/** leaveRegistry: strikes it out, and waits a little for those who have not heard yet; within `withinMs` altogether. Resolves with the milliseconds it took. */
export async function leaveRegistry(
  registration: Registration | undefined,
  withinMs: number,
  { LEAVING_MS = 0 }: PlaceConfig,
): Promise<number> {
  if (!registration) return 0;
  const began = performance.now();
  const passedMs = () => performance.now() - began;
  const wasKnown = registration.registered;
  await registration.close(withinMs / 2);
  const leftMs = Math.min(LEAVING_MS, withinMs - passedMs());
  if (wasKnown && leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs));
  return passedMs();
}

function addressOf(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host;
  const addresses = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  const own = addresses.find(({ internal, family }) => !internal && family === 'IPv4');
  if (!own) throw new StartFailure('The registry cannot be told an address: set ADVERTISED_ADDRESS.');
  return own.address;
}
