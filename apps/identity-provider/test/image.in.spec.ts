import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { encryptionKeys, identityDatabase, issuer, rootKey } from './start-identity.js';

const app = resolve(import.meta.dirname, '..');
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

/** The built application as an image holds it: without its folder of development. */
function asInAnImage(): string {
  const cache = resolve(app, '../../node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'facet-image-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const part of ['package.json', 'dist']) cpSync(join(app, part), join(folder, part), { recursive: true });
  rmSync(join(folder, 'dist/dev'), { recursive: true });
  return join(folder, 'dist/main.js');
}

/** Starts it, and resolves with where it serves, or with how it ended. */
async function start(main: string, environment: Record<string, string>): Promise<string> {
  const child = fork(main, { env: environment, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  onTestFinished(async () => {
    if (child.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit');
  });
  return new Promise((done) => {
    let said = '';
    const hear = (bytes: Buffer) => {
      said += bytes.toString();
      const url = /"http":"(http:[^"]+)"/.exec(said)?.[1];
      if (url) done(url);
    };
    child.stdout!.on('data', hear);
    child.stderr!.on('data', hear);
    child.once('exit', (code) => done(`exit ${code}: ${said}`));
  });
}

it('production starts without the code of development, and development does not', async () => {
  expect(existsSync(join(app, 'dist/dev'))).toBe(true);
  const main = asInAnImage();
  const database = await identityDatabase();
  const environment = {
    PORT: '0',
    MANAGEMENT_PORT: '0',
    DATABASE_URL: database.url,
    ISSUER_URL: issuer,
    ENCRYPTION_KEYS: JSON.stringify({ 1: base64url(encryptionKeys[1]) }),
    ROOT_KEY: base64url(rootKey),
  };
  const url = await start(main, environment);
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  for (const path of ['/dev/mailbox', '/dev/token']) expect((await fetch(url + path, { method: 'POST' })).status).toBe(404);
  expect(await start(main, { ...environment, FACET_ENV: 'development' })).toMatch(/exit 1: .*dev\.module/s);
}, 60_000);
