import { apps, Secrets, type App } from '@facet/constellation';
import { inventPeople } from '@facet/demo';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './module-of.js';
import { isFree } from './reach.js';

/** One of the demo world with a token. */
export interface Somebody {
  readonly id: string;
  readonly username: string;
  readonly token: string;
}

const supervisor = join(root, 'tools/constellation/dist/main.js');
/** Its data stay, so that the demo world is made once. */
const home = join(root, '.facet/bench');
const embeddedPostgresPort = 15_432;
const startsWithinMs = 120_000;
const offsets = Array.from({ length: 40 }, (_, index) => 1_000 + 200 * index);

/** The real system, as `npm start` runs it, with the demo world in an embedded PostgreSQL of its own. */
export class Installation {
  private constructor(
    private readonly supervisor: ChildProcess,
    readonly portOffset: number,
    /** How long the start took, and whether the demo world was there already. */
    readonly started: { readonly seconds: number; readonly warm: boolean },
  ) {}

  static async start(inherited: Readonly<Record<string, string>>): Promise<Installation> {
    const portOffset = await freeOffset();
    const warm = existsSync(join(home, 'seeded.json'));
    const startedAt = Date.now();
    const environment = { ...inherited, FACET_HOME: home, FACET_PORT_OFFSET: String(portOffset), LOG_LEVEL: 'warn' };
    const child = spawn(process.execPath, [supervisor], { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
    await untilSaid(child, 'Ready after');
    return new Installation(child, portOffset, { seconds: (Date.now() - startedAt) / 1_000, warm });
  }

  /** Ids of the rooms that the documents speak of; everybody is in `general`. */
  get rooms(): Readonly<Record<string, string>> {
    return (JSON.parse(readFileSync(join(home, 'demo.json'), 'utf8')) as { rooms: Record<string, string> }).rooms;
  }

  /** What an application is told here. */
  environmentOf(name: string): Record<string, string> {
    const secrets = Secrets.in(home);
    const app = apps.find((each) => each.name === name)!;
    return app.environment({
      portOffset: this.portOffset,
      kafkaBrokers: '',
      secrets,
      databaseUrl: (role) => {
        const password = secrets.databasePassword(role);
        return `postgres://${role}:${password}@127.0.0.1:${embeddedPostgresPort + this.portOffset}/postgres`;
      },
    });
  }

  /** Tokens of this client for everybody of the demo world, as identity-provider makes them. */
  async everybody(client: string): Promise<Somebody[]> {
    const people = inventPeople();
    return Promise.all(people.map(async ({ id, username }) => ({ id, username, token: await this.#token(username, client) })));
  }

  async stop(): Promise<void> {
    if (this.supervisor.exitCode !== null) return;
    const gone = new Promise((resolve) => this.supervisor.once('exit', resolve));
    this.supervisor.kill('SIGTERM');
    await gone;
  }

  async #token(user: string, client: string): Promise<string> {
    const port = portOf('identity-provider') + this.portOffset;
    const response = await fetch(`http://localhost:${port}/dev/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user, client }),
    });
    if (!response.ok) throw new Error(`identity-provider answered ${response.status} for ${user}: ${await response.text()}`);
    const { access_token: token } = (await response.json()) as { access_token: string };
    return token;
  }
}

function portOf(name: string): number {
  return (apps.find((app: App) => app.name === name) as App).port;
}

/** Where every port of an installation is free. */
async function freeOffset(): Promise<number> {
  const ports = [embeddedPostgresPort, ...apps.flatMap(({ port, kind }) => (kind === 'http' ? [port, port + 100] : [port]))];
  for (const offset of offsets) {
    const free = await Promise.all(ports.map((port) => isFree(port + offset)));
    if (free.every(Boolean)) return offset;
  }
  throw new Error('There is no room for another installation on the ports of this machine.');
}

function untilSaid(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    const timer = setTimeout(() => reject(new Error(`Facet did not start:\n${lines.join('\n')}`)), startsWithinMs);
    child.once('exit', () => reject(new Error(`Facet did not start:\n${lines.join('\n')}`)));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (lines.length < 200) lines.push(line);
      if (!line.includes(words)) return;
      clearTimeout(timer);
      resolve();
    });
  });
}
