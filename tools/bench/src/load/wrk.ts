import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rawRequest, type LoadDriver, type LoadOptions, type LoadResult, type Traffic } from './traffic.js';

const script = fileURLToPath(new URL('../../src/load/mix.lua', import.meta.url));

/** wrk, where it is installed: one thread, so that what is measured has a core of its own. */
export const wrk: LoadDriver = { name: 'wrk', run };

/** Whether wrk is installed. */
export function hasWrk(): boolean {
  return spawnSync('wrk', ['--version']).error === undefined;
}

async function run(traffic: Traffic, { connections, seconds }: LoadOptions): Promise<LoadResult> {
  const folder = mkdtempSync(join(tmpdir(), 'facet-bench-'));
  const file = join(folder, 'requests');
  const { origin, order, people, requests } = traffic;
  try {
    writeFileSync(file, requests.map((request) => rawRequest(traffic, request)).join('\0'), { mode: 0o600 });
    const own = ['-t1', `-c${connections}`, `-d${Math.max(1, Math.round(seconds))}s`, '--timeout', '5s', '-s', script, origin];
    const forScript = [file, order, String(people), String(Date.now() % 2 ** 31)];
    const { stdout } = await promisify(execFile)('wrk', [...own, '--', ...forScript]);
    return parseWrk(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The line of JSON that our script ends with. */
export function parseWrk(output: string): LoadResult {
  const line = output.split('\n').findLast((each) => each.startsWith('{'));
  if (!line) throw new Error(`wrk said nothing that we understand: ${output}`);
  return JSON.parse(line) as LoadResult;
}
