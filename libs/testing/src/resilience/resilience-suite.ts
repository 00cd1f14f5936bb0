import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ClientOptions } from '@facet/downstream';
import { httpServer } from '@facet/edge';
import { silentLogger } from '@facet/observability';
import { startApp, type NestModule, type ProcessConfig, type RunningApp } from '@facet/service-kit';
import { FixedWindows } from '@facet/throttling';
import { describe, expect, it, vi } from 'vitest';
import type { TestUser } from '../callers.js';
import { closedAfterwards } from '../cleanup.js';
import { startSignInIssuer } from '../sign-in-issuer.js';
import { startFaultyService } from './faulty-service.js';
import type { Endpoint } from './endpoint.js';
import { runMatrix, type CellResult } from './fault-matrix.js';
import { KeyedClients } from './keyed-clients.js';
import { pageWith } from './resilience-page.js';
import { Visits } from './visits.js';

/** ResilienceOptions: an application, and how its endpoints are asked for. */
export interface ResilienceOptions<Config extends ProcessConfig> {
  /** `mobile-bff`. */
  readonly application: string;
  readonly config: (environment: Readonly<Record<string, string>>) => Config;
  readonly module: (config: Config) => NestModule;
  /** The token of its `Downstream`, and the clients behind it: the dependencies are these. */
  readonly downstream: abstract new () => object;
  readonly clientsOf: (config: Config) => Readonly<Record<string, ClientOptions>>;
  /** What each dependency answers while it is well: the handlers of a fake. */
  readonly fakes: Readonly<Record<string, object>>;
  readonly endpoints: (app: RunningApp['app']) => readonly Endpoint[];
  /** Who asks, by which OAuth client. */
  readonly user: TestUser;
  readonly client: string;
  /** Who asks is a browser: with the cookie of a session, each visit with one of its own. */
  readonly browser?: boolean;
  /** What differs from one good answer to the next, and is not compared. */
  readonly volatile?: RegExp;
  readonly openApi?: { readonly title: string; readonly version: string };
}

/** Matrix: every cell of an application, and what it is of. */
export interface Matrix {
  readonly endpoints: readonly Endpoint[];
  readonly dependencies: readonly string[];
  readonly cells: readonly CellResult[];
}

/** Time that a healthy dependency has: the budgets of the routes alone count. */
const healthyDeadlineMs = '5000';

/** resilienceMatrix: runs the application, on free ports against fakes of its dependencies, and all cells of its matrix. */
export async function resilienceMatrix<Config extends ProcessConfig>(options: ResilienceOptions<Config>): Promise<Matrix> {
  const { fakes, user, client, browser, volatile, endpoints: find } = options;
  const issuer = await startSignInIssuer();
  closedAfterwards(() => issuer.stop());
  const issuerSettings = { ISSUER_URL: issuer.issuer, CLIENT_KEY: issuer.clientKey };
  const dependencies = options.clientsOf(configOf(options, issuerSettings));
  const services = await Promise.all(Object.entries(dependencies).map(([name, { service }]) => serve(name, service, fakes[name])));
  const config = configOf(options, Object.assign(issuerSettings, ...services));
  const started = await start(options, config);
  const endpoints = find(started.running.app);
  const visits = new Visits({ ...started, issuer, user, client, browser, volatile, dependencies: options.clientsOf(config), fakes });
  return { endpoints, dependencies: visits.dependencies, cells: await runMatrix(endpoints, visits) };
}

/** resilienceSuite: a test for each cell of the matrix of an application, and one that holds docs/resilience.md against it. */
export async function resilienceSuite<Config extends ProcessConfig>(options: ResilienceOptions<Config>): Promise<void> {
  const { application } = options;
  const { endpoints, dependencies, cells } = await resilienceMatrix(options);

  describe.each(endpoints.map(({ name }) => name))('%s', (name) => {
    it.each(cells.filter(({ endpoint }) => endpoint === name))('answers as it declares while $dependency is $fault', ({ wrong }) => {
      expect(wrong, wrong.join('\n')).toEqual([]);
    });
  });

  it('docs/resilience.md says the same (npm run resilience writes it)', async () => {
    const path = fileURLToPath(new URL('../../../../docs/resilience.md', import.meta.url));
    await expect(pageWith({ application, dependencies, endpoints }, readFileSync(path, 'utf8'))).toMatchFileSnapshot(path);
  });
}

function configOf<Config extends ProcessConfig>({ config }: ResilienceOptions<Config>, settings: Readonly<Record<string, string>>): Config {
  return config({
    FACET_ENV: 'development',
    LOG_LEVEL: 'silent',
    PORT: '0',
    MANAGEMENT_PORT: '0',
    KAFKA_BROKERS: 'events.fake:9092',
    REDIS_URL: 'redis://state.fake',
    SESSION_KEYS: JSON.stringify({ 1: randomBytes(32).toString('base64url') }),
    INTERNAL_ROOT_KEY: randomBytes(32).toString('base64url'),
    ...settings,
  });
}

async function serve(name: string, service: ClientOptions['service'], handlers: object | undefined) {
  if (!handlers) throw new Error(`There is no fake of ${name}`);
  const { target, stop } = await startFaultyService(service, handlers);
  closedAfterwards(stop);
  const prefix = name.toUpperCase();
  return { [`${prefix}_TARGET`]: target, [`${prefix}_DEADLINE_MS`]: healthyDeadlineMs };
}

async function start<Config extends ProcessConfig>(options: ResilienceOptions<Config>, config: Config) {
  const { application: name, module, downstream, openApi } = options;
  const server = httpServer({ port: 0, managementPort: 0, ...(openApi && { openApi }) });
  const running = await startApp({ name, config, module: module(config), server, logger: silentLogger });
  closedAfterwards(() => running.stop());
  // Limits have tests of their own, and a visitor comes often.
  vi.spyOn(FixedWindows.prototype, 'hit').mockReturnValue({ totalHits: 1, timeToExpire: 60, isBlocked: false, timeToBlockExpire: 0 });
  return { running, clients: new KeyedClients(running.app.get(downstream, { strict: false })) };
}
