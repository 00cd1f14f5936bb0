import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Supervised } from './supervised.js';

let folder: string;
let child: Supervised;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facet-supervised-'));
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(async () => {
  await child.stop(100);
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function run(script: string): Supervised {
  const module = join(folder, 'program.mjs');
  writeFileSync(module, script);
  child = new Supervised({ name: 'program', index: 0, module, environment: { OUT: join(folder, 'out') } });
  child.start();
  return child;
}

const starts = "import { appendFileSync } from 'node:fs'; appendFileSync(process.env.OUT, 'x');";
const started = () => readFileSync(join(folder, 'out'), 'utf8').length;

it('a child that dies is started again', async () => {
  run(`${starts} setInterval(() => {}, 1000);`);
  await vi.waitFor(() => expect(started()).toBe(1), 5_000);
  const { pid } = child;
  process.kill(pid!, 'SIGKILL');
  await vi.waitFor(() => expect(started()).toBe(2), 5_000);
  expect(child.deaths).toBe(1);
});

it('a child that was asked to stop is not, even where it takes being killed', async () => {
  run(`${starts} process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`);
  await vi.waitFor(() => expect(started()).toBe(1), 5_000);
  await child.stop(100);
  expect(child.pid).toBeUndefined();
  expect(started()).toBe(1);
});
