import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { connect, createServer } from 'node:net';
import type { App } from './apps.js';
import type { TlsFiles } from './tls.js';

/** Resolves once the application answers; rejects with one line where it does not within `withinMs`, or where `failed` says why it never will. */
export async function untilReady(
  app: App,
  port: number,
  { withinMs, failed, tls = {} }: { withinMs: number; failed: () => string | undefined; tls?: TlsFiles },
): Promise<void> {
  const until = Date.now() + withinMs;
  while (Date.now() < until) {
    if (app.kind === 'http' ? await answers(port, tls) : await accepts(port)) return;
    const why = failed();
    if (why) throw new Error(why);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${app.name} was not ready within ${withinMs / 1_000} s: see its lines above.`);
}

async function answers(port: number, tls: TlsFiles): Promise<boolean> {
  if (tls.TLS_CERT_FILE) return answersByTls(port, tls);
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(1_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** Asked as by itself, whom a service tells how it is. */
export function answersByTls(port: number, { TLS_CERT_FILE, TLS_KEY_FILE, TLS_CA_FILE }: TlsFiles): Promise<boolean> {
  const [cert, key, ca] = [TLS_CERT_FILE, TLS_KEY_FILE, TLS_CA_FILE].map((path) => readFileSync(path ?? ''));
  return new Promise((resolve) => {
    const options = { port, host: 'localhost', path: '/health/ready', agent: false, timeout: 1_000, cert, key, ca };
    const asking = get(options, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asking.once('timeout', () => asking.destroy()).once('error', () => resolve(false));
  });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.setTimeout(1_000);
    const done = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket
      .once('connect', () => done(true))
      .once('error', () => done(false))
      .once('timeout', () => done(false));
  });
}

/** The first of these ports that something else holds, if any. */
export async function portInUse(ports: readonly number[]): Promise<number | undefined> {
  for (const port of ports) if (!(await isFree(port))) return port;
  return undefined;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
