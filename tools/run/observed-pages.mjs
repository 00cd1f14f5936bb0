import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

/** Runs the resilience matrix of each BFF, or of those that are named, and writes their part of docs/resilience.md. Returns an exit code. */
export const runResilience = (args) => runAll('test/resilience.in.spec.ts', args);

/** Asks each application, or those that are named, for everything as everybody, and writes their part of docs/access.md. Returns an exit code. */
export const runAccess = (args) => runAll('test/access.in.spec.ts', args);

function runAll(suite, args) {
  const known = globSync(`apps/*/${suite}`, { cwd: root })
    .map((path) => path.split('/')[1])
    .filter((name) => name !== 'system-e2e')
    .sort();
  const unknown = args.filter((name) => !known.includes(name));
  if (unknown.length) {
    console.error(`There is no ${suite} of ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
    return 1;
  }
  return (args.length ? args : known).reduce((code, name) => run(name, suite) || code, 0);
}

function run(name, suite) {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = ['run', '--config', '../../vitest.config.mjs', '--root', '.', suite, '--update'];
  return spawnSync(process.execPath, [vitest, ...args], { cwd: join(root, 'apps', name), stdio: 'inherit' }).status ?? 1;
}
