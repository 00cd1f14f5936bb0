import { join } from 'node:path';
import { apps, isService, type App } from './apps.js';
import type { Choices } from './config.js';
import { mediaFolderOf, type Data } from './data.js';
import { faultsFile } from './faults.js';
import { portInUse, untilReady } from './readiness.js';
import type { Secrets } from './secrets.js';
import { Supervised } from './supervised.js';
import { tlsFilesOf } from './tls.js';

const readyWithinMs = 60_000;
/** For each of two waves: all must be over within 5 s. */
const patienceMs = 2_200;
/** An application that dies this often before it was ever ready will not get better by itself. */
const hopelessDeaths = 3;

/** The running applications, one supervised child process each. */
export class Constellation {
  private readonly running = new Map<string, Supervised>();

  constructor(
    private readonly choices: Choices,
    private readonly data: Data,
    private readonly secrets: Secrets,
  ) {}

  /** Starts these applications and resolves once each of them is ready. */
  async start(names: readonly string[]): Promise<void> {
    const starting = apps.filter(({ name }) => names.includes(name) && !this.running.has(name));
    for (const app of starting) {
      const child = new Supervised({
        name: app.name,
        index: apps.indexOf(app),
        module: `apps/${app.name}/dist/main.js`,
        environment: this.environmentOf(app),
      });
      this.running.set(app.name, child);
      child.start();
    }
    await Promise.all(starting.map((app) => this.ready(app)));
  }

  /** Stops these applications, or all of them: who asks first, then who answers, so that no service waits for callers that are still there. */
  async stop(names: readonly string[] = [...this.running.keys()]): Promise<void> {
    for (const answering of [false, true]) {
      const wave = apps
        .filter((app) => isService(app) === answering && names.includes(app.name))
        .flatMap(({ name }) => this.running.get(name) ?? []);
      await Promise.all(wave.map((child) => child.stop(patienceMs)));
      for (const { name } of wave) this.running.delete(name);
    }
  }

  private async ready(app: App): Promise<void> {
    const child = this.running.get(app.name)!;
    await untilReady(app, app.port + this.choices.portOffset, {
      withinMs: readyWithinMs,
      ...(isService(app) && { tls: tlsFilesOf(this.choices.home, app.name) }),
      failed: () => (child.deaths >= hopelessDeaths ? `${app.name} does not start: see its lines above.` : undefined),
    });
  }

  private environmentOf(app: App): Record<string, string> {
    const { portOffset, webHost, kafkaBrokers, logLevel, home, inherited, faults: detour, tls } = this.choices;
    return {
      ...(inherited as Record<string, string>),
      FACET_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: String(app.port + portOffset),
      LOG_LEVEL: logLevel,
      SHUTDOWN_MS: '2000',
      NODE_COMPILE_CACHE: join(home, 'compile-cache'),
      MALLOC_ARENA_MAX: '2',
      FAULTS_FILE: faultsFile(home),
      ...tlsFilesOf(home, app.name),
      ...app.environment({
        portOffset,
        webHost,
        kafkaBrokers,
        databaseUrl: this.data.urlOf,
        secrets: this.secrets,
        detour,
        tls,
        mediaFolder: mediaFolderOf(this.choices),
      }),
    };
  }
}

/** Says which port of these applications something else holds, in a line that says what to do. */
export async function refuseTakenPorts(names: readonly string[], portOffset: number): Promise<void> {
  const taken = await portInUse(apps.filter(({ name }) => names.includes(name)).map(({ port }) => port + portOffset));
  if (taken === undefined) return;
  const app = apps.find(({ port }) => port + portOffset === taken)!;
  throw new Error(
    `Port ${taken} of ${app.name} is in use. Stop what holds it (is Facet running already?), or set FACET_PORT_OFFSET=100 to move all ports.`,
  );
}
