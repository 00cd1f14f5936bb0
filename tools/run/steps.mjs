import { spawnSync } from 'node:child_process';
import { bin, root } from './paths.mjs';

const environment = {
  ...process.env,
  PATH: `${bin}:${process.env.PATH}`,
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  FORCE_COLOR: process.stdout.isTTY ? '1' : '0',
};

/** Runs a program of node_modules/.bin in the root folder. `quiet` shows its output only when it fails. Returns its exit code. */
export function program(name, args, { quiet = false, env = {} } = {}) {
  const { status, stdout, stderr, error } = spawnSync(name, args, {
    cwd: root,
    env: { ...environment, ...env },
    stdio: quiet ? 'pipe' : 'inherit',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error) throw error;
  if (quiet && status !== 0) process.stdout.write(Buffer.concat([stdout, stderr]));
  return status ?? 1;
}

/** Runs Nx. Two tasks at a time unless told: the machines that we build on have two cores. */
export function nx(args, { parallel = 2, ...options } = {}) {
  return program('nx', [...args, `--parallel=${parallel}`], options);
}

/** Runs named steps in turn and stops at the first that fails. Returns its exit code. */
export function inTurn(steps) {
  for (const [name, run] of steps) {
    const started = Date.now();
    const status = run();
    console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    if (status !== 0) return status;
  }
  return 0;
}
