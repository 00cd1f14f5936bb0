import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from './postgres-account.js';
import { failureOf } from './postgres-failure.js';

/** Cluster: one PostgreSQL data folder and what runs it. */
export interface Cluster {
  /** Holds `data`, `password` and `server.log`. */
  readonly home: string;
  /** Holds `bin`, `lib` and `share`. */
  readonly native: string;
  readonly account: Account;
  /** Fast instead of durable, removed at the end. */
  readonly temporary: boolean;
}

const flags = [
  ...['--username=facet', '--pwfile=/dev/stdin', '--auth=scram-sha-256', '--encoding=UTF8', '--no-instructions'],
  ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
];

/** Makes the data folder where there is none, whole or not at all. Returns the superuser's password. */
export async function createCluster(cluster: Cluster): Promise<string> {
  const { home, account, temporary } = cluster;
  const data = join(home, 'data');
  const known = await readFile(join(home, 'password'), 'utf8').catch(() => undefined);
  if (known !== undefined && (await exists(data))) return known;

  const unfinished = join(home, 'data.new');
  const password = randomBytes(18).toString('base64url');
  try {
    if (temporary && account) await chown(home, account.uid, account.gid);
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { mode: 0o700 });
    if (account) await chown(unfinished, account.uid, account.gid);
    await initialise(cluster, unfinished, password);
    await writeFile(join(home, 'password'), password, { mode: 0o600 });
    await chmod(join(home, 'password'), 0o600);
    await rename(unfinished, data);
    return password;
  } catch (error) {
    throw isDiskFull(error) ? failureOf('No space left on device', { folder: home, port: 0 }) : error;
  }
}

async function initialise({ native, account, temporary }: Cluster, folder: string, password: string): Promise<void> {
  const arguments_ = ['-D', folder, ...flags, ...(temporary ? ['--no-sync'] : [])];
  // Node's own pipes are sockets, which /dev/stdin cannot open; a shell's pipe it can.
  const child = spawn('/bin/sh', ['-c', 'cat | "$@"', 'initdb', join(native, 'bin', 'initdb'), ...arguments_], {
    ...account,
    cwd: '/',
    stdio: 'pipe',
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${password}\n`);
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw failureOf(output, { folder, port: 0 });
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
