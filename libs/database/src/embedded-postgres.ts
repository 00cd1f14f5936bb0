import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { canReach, copyOfNative, nativeFolder, unprivilegedAccount } from './postgres-account.js';
import { createCluster, type Cluster } from './postgres-cluster.js';
import { EmbeddedPostgresError } from './postgres-failure.js';
import { startServer, type RunningServer } from './postgres-server.js';

/** EmbeddedOptions: where the data live. What is `temporary` is gone after `stop`, and was never meant to survive a crash. */
export type EmbeddedOptions = ({ readonly folder: string } | { readonly temporary: true }) & {
  /** On loopback; 0 lets the system choose. */
  readonly port: number;
};

/**
 * EmbeddedPostgres: a real PostgreSQL 18 from npm, on loopback, with little memory. It runs as an unprivileged account when this process is root; where
 * that account cannot enter the checkout, program and data live under /var/tmp. The server ends with the process that started it, even a killed one, and
 * the next start recovers all that was committed. Every failure is an EmbeddedPostgresError whose message is one line that says what to do.
 */
export class EmbeddedPostgres {
  private constructor(
    /** Of the superuser, with password, in the database `postgres`. */
    readonly url: string,
    private readonly server: RunningServer,
  ) {}

  static async start(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
    const temporary = 'temporary' in options;
    const cluster = await place(temporary ? await mkdtemp(join(tmpdir(), 'facet-postgres-')) : resolve(options.folder), temporary);
    try {
      const password = await createCluster(cluster);
      const { port, server } = await startOn(cluster, options.port);
      return new EmbeddedPostgres(`postgres://facet:${password}@127.0.0.1:${port}/postgres`, server);
    } catch (error) {
      if (temporary) await rm(cluster.home, { recursive: true, force: true });
      throw error;
    }
  }

  /** Removes the data of a folder, wherever they live. The server must not run. */
  static async erase(folder: string): Promise<void> {
    await rm(resolve(folder), { recursive: true, force: true });
    await rm(homeOutside(resolve(folder)), { recursive: true, force: true });
  }

  /** Ends the server; what is committed is on disk. */
  async stop(): Promise<void> {
    await this.server.stop();
  }
}

/** Finds where program and data can live so that the account that runs them reaches both. */
async function place(folder: string, temporary: boolean): Promise<Cluster> {
  const account = await unprivilegedAccount();
  const native = await nativeFolder();
  await mkdir(folder, { recursive: true });
  const programReached = await canReach(account, [join(native, 'bin', 'postgres')]);
  const folderReached = temporary || (await canReach(account, [folder]));
  const home = folderReached ? folder : homeOutside(folder);
  await mkdir(home, { recursive: true, mode: 0o755 });
  return { home, native: programReached ? native : await copyOfNative(native), account, temporary };
}

function homeOutside(folder: string): string {
  return join('/var/tmp', `facet-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`);
}

async function startOn(cluster: Cluster, wanted: number): Promise<{ port: number; server: RunningServer }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted || (await freePort());
    try {
      return { port, server: await startServer(cluster, port) };
    } catch (error) {
      // Somebody else took the port between our look and our start.
      const again = wanted === 0 && error instanceof EmbeddedPostgresError && error.reason === 'port-in-use' && attempt < 5;
      if (!again) throw error;
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolvePort(port));
    });
  });
}
