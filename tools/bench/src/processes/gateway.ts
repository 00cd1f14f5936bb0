import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench.js';
import { Child } from './child.js';
import { applicationOf, moduleOf } from './module-of.js';
import { freePort, untilReady } from './reach.js';

/** What clients talk to. */
export interface Gateway {
  readonly child: Child;
  /** `http://127.0.0.1:4002`. */
  readonly origin: string;
  /** Where its metrics are, if it has any. */
  readonly management?: string;
}

/** Our clients and gather, and nothing else. */
export async function startBare(bench: Bench, { batching = true } = {}): Promise<Gateway> {
  const { targets } = await bench.synthetic;
  return startModule('gateways/bare', { targets, rootKey: bench.rootKey, batching }, { contained: true });
}

/** The same with all that a BFF does in production. */
export async function startWhole(bench: Bench): Promise<Gateway> {
  const [{ targets }, { url: issuer }] = await Promise.all([bench.synthetic, bench.issuer]);
  const [port, managementPort] = [await freePort(), await freePort()];
  const child = new Child({
    name: 'whole',
    module: moduleOf('gateways/whole'),
    settings: { targets, issuer, port, managementPort, rootKey: bench.rootKey },
    output: join(bench.folder, 'whole.log'),
    contained: true,
  });
  return whenReady(child, port, managementPort);
}

/** The limit beside a workload: always this answer. */
export async function startLimit(bench: Bench, workload: string, sample: unknown): Promise<Gateway> {
  const file = join(bench.folder, `${workload}.json`);
  writeFileSync(file, JSON.stringify(sample));
  return startModule('baselines/limit', { sample: file });
}

export async function startPlainNest(bench: Bench): Promise<Gateway> {
  const { targets } = await bench.synthetic;
  return startModule('baselines/plain-nest', { targets });
}

/** With the services that it asks, which are its own. */
export async function startFanOut(): Promise<Gateway> {
  const services = await startModule('baselines/json-service', {});
  return startModule('baselines/http-fan-out', { services: services.origin });
}

/** One of our applications as in production, told this beside where to listen. */
export async function startApplication(bench: Bench, name: string, environment: Readonly<Record<string, string>>): Promise<Gateway> {
  const [port, managementPort] = [await freePort(), await freePort()];
  const child = new Child({
    name,
    module: applicationOf(name),
    environment: {
      ...bench.choices.inherited,
      ...environment,
      FACET_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      MANAGEMENT_PORT: String(managementPort),
      LOG_LEVEL: 'info',
      SHUTDOWN_MS: '4000',
    },
    output: join(bench.folder, `${name}.log`),
    contained: true,
  });
  return whenReady(child, port, managementPort);
}

/** web-bff on the synthetic services. */
export async function startWebOnSynthetic(bench: Bench): Promise<Gateway> {
  const [{ targets }, { url: issuer }, events] = await Promise.all([bench.synthetic, bench.issuer, bench.webEvents]);
  const where = Object.entries(targets).map(([name, target]) => [`${name.toUpperCase()}_TARGET`, target]);
  return startApplication(bench, 'web-bff', {
    ISSUER_URL: issuer,
    INTERNAL_ROOT_KEY: bench.rootKey,
    CLIENT_KEY: newClientKey(),
    SESSION_KEYS: JSON.stringify({ 1: bench.rootKey }),
    DATABASE_URL: events.url,
    ...Object.fromEntries(where),
  });
}

function newClientKey(): string {
  return JSON.stringify(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }));
}

/** A real BFF on the real services. */
export async function startReal(bench: Bench, name: string): Promise<Gateway> {
  const installation = await bench.installation;
  return startApplication(bench, name, installation.environmentOf(name));
}

async function startModule(name: string, settings: object, { contained = false } = {}): Promise<Gateway> {
  const child = new Child({ name, module: moduleOf(name), settings, contained });
  const { port } = await child.ready;
  return { child, origin: `http://127.0.0.1:${String(port)}` };
}

async function whenReady(child: Child, port: number, managementPort: number): Promise<Gateway> {
  const origin = `http://127.0.0.1:${port}`;
  await untilReady(child, origin);
  return { child, origin, management: `http://127.0.0.1:${managementPort}` };
}
