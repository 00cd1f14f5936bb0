import { connect, createServer } from 'node:net';
import type { App } from './apps.js';

/** Resolves once the application answers; rejects with one line where it does not within `withinMs`, or where `failed` says why it never will. */
export async function untilReady(
  app: App,
  port: number,
  { withinMs, failed }: { withinMs: number; failed: () => string | undefined },
): Promise<void> {
  const until = Date.now() + withinMs;
  while (Date.now() < until) {
    if (app.kind === 'http' ? await answers(port) : await accepts(port)) return;
    const why = failed();
    if (why) throw new Error(why);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${app.name} was not ready within ${withinMs / 1_000} s: see its lines above.`);
}

async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(1_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
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
