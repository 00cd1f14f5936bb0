import { createDatabase, dropDatabase } from '@facet/database/provision';
import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironment } from './config.js';

const root = join(import.meta.dirname, '../../..');

/** What `npm start` writes for scripts. */
export interface Demo {
  readonly urls: { readonly identity: string; readonly web: string; readonly mobile: string; readonly partner: string };
  readonly users: Record<string, { readonly id: string; readonly role: string }>;
  readonly rooms: Record<string, string>;
  readonly partner: { readonly clientId: string; readonly clientSecret: string };
}

/** One installation of Facet, in a folder and on ports of its own, started and stopped as a person would. */
export class RunningFacet {
  private child: ChildProcess | undefined;
  /** Everything that it printed since it was last started. */
  output = '';

  private constructor(
    readonly home: string,
    readonly portOffset: number,
    /** Where not embedded. */
    readonly databaseUrl: string | undefined,
    private readonly kafkaBrokers: string,
  ) {}

  /** A new installation, `besides` the one of that folder; with DATABASE_URL, in a database of its own on that server. */
  static async install(portOffset: number, { besides }: { besides?: string } = {}): Promise<RunningFacet> {
    const home = mkdtempSync('/var/tmp/facet-e2e-');
    // Roles belong to the server: two installations on one server must agree on their passwords.
    if (besides) copyFileSync(join(besides, 'secrets.json'), join(home, 'secrets.json'));
    const { DATABASE_URL: adminUrl, KAFKA_BROKERS: kafkaBrokers = '' } = readEnvironment();
    const databaseUrl = adminUrl && (await createDatabase(adminUrl, `facet_e2e_${portOffset}_${Date.now()}`));
    // Topics and groups belong to the brokers: two installations on the same would take each other's events.
    return new RunningFacet(home, portOffset, databaseUrl, besides ? '' : kafkaBrokers);
  }

  /** Runs `npm start` with these options and resolves once it says that it is ready. Rejects with what it printed where it ends before. */
  async start(...options: string[]): Promise<void> {
    this.output = '';
    this.child = this.launch(options);
    const child = this.child;
    const ready = new Promise<void>((resolve, reject) => {
      const listen = (chunk: Buffer) => {
        this.output += chunk.toString();
        if (this.output.includes('Ready after')) resolve();
      };
      child.stdout!.on('data', listen);
      child.stderr!.on('data', listen);
      child.once('exit', (code) => reject(new Error(`ended with ${code}:\n${this.output}`)));
    });
    await ready;
  }

  /** Sends Ctrl-C and resolves to how long it took to end, in milliseconds. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return 0;
    const startedAt = Date.now();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
    this.child = undefined;
    return Date.now() - startedAt;
  }

  get demo(): Demo {
    return JSON.parse(readFileSync(join(this.home, 'demo.json'), 'utf8')) as Demo;
  }

  /** Stops it and removes everything that it made. */
  async remove(): Promise<void> {
    await this.stop();
    if (existsSync(this.home)) rmSync(this.home, { recursive: true, force: true });
    const { DATABASE_URL: adminUrl } = readEnvironment();
    if (adminUrl && this.databaseUrl) await dropDatabase(adminUrl, new URL(this.databaseUrl).pathname.slice(1));
  }

  private launch(options: readonly string[]): ChildProcess {
    return spawn(process.execPath, ['tools/run/run.mjs', 'start', ...options], {
      cwd: root,
      env: {
        ...readEnvironment(),
        FACET_HOME: this.home,
        FACET_PORT_OFFSET: String(this.portOffset),
        // Another site than the issuer's localhost: what a cookie does across sites is seen here.
        FACET_WEB_HOST: '127.0.0.1',
        DATABASE_URL: this.databaseUrl ?? '',
        KAFKA_BROKERS: this.kafkaBrokers,
        LOG_LEVEL: 'warn',
      },
    });
  }
}

/** Runs a command of package.json against an installation to its end. */
export async function runCommand(
  { home, portOffset, databaseUrl = '' }: { home: string; portOffset: number; databaseUrl?: string | undefined },
  command: string,
  ...args: string[]
): Promise<{ code: number; output: string }> {
  const env = {
    ...readEnvironment(),
    FACET_HOME: home,
    FACET_PORT_OFFSET: String(portOffset),
    FACET_WEB_HOST: '127.0.0.1',
    DATABASE_URL: databaseUrl,
  };
  const child = spawn(process.execPath, ['tools/run/run.mjs', command, ...args], { cwd: root, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  return { code, output };
}
