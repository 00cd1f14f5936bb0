import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The PostgreSQL that runs as this process on this data folder, or nothing; `orphaned` when nobody is left who would stop it. */
export async function findServer(pid: number, data: string): Promise<{ orphaned: boolean } | undefined> {
  const found = (await processOf(pid)).match(/^\s*(\d+)\s+(.*)$/s);
  const [, parent, command = ''] = found ?? [];
  if (!command.includes(data)) return undefined;
  return { orphaned: parent === '1' };
}

/** `<parent> <command line>` of a process, empty where there is none. */
async function processOf(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  if (status !== undefined) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return `${/^PPid:\s*(\d+)/m.exec(status)?.[1]} ${command.replaceAll('\0', ' ')}`;
  }
  return run('ps', ['-o', 'ppid=,command=', '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    () => '',
  );
}
