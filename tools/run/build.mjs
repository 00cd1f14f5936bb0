import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, state } from './paths.mjs';
import { nx } from './steps.mjs';

const stamp = join(state, 'built');
const inputs = [
  'package-lock.json',
  'tsconfig.base.json',
  'proto/**/*.proto',
  'tools/contracts/*',
  '{apps,libs,tools}/*/{package,tsconfig}.json',
  '{apps,libs,tools}/*/src/**/*.ts',
];

/** Builds every project through Nx, unless no input changed since the last time: then even starting Nx is saved. Returns an exit code. */
export function ensureBuilt() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint() && globSync('apps/*/dist', { cwd: root }).length > 0) return 0;
  console.log('Building what changed …');
  const status = nx(['run-many', '-t', 'build', '--outputStyle=static'], { quiet: true });
  if (status !== 0) return status;
  mkdirSync(state, { recursive: true });
  writeFileSync(stamp, fingerprint());
  return 0;
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const file of globSync(inputs, { cwd: root }).sort()) {
    const { mtimeMs, size } = statSync(join(root, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}
