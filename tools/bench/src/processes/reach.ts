import { createServer, type AddressInfo } from 'node:net';
import type { Child } from './child.js';

const readyWithinMs = 30_000;

/** A port that nothing holds right now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Whether nothing holds a port. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Resolves once an HTTP application of ours is ready. */
export async function untilReady(child: Child, origin: string): Promise<void> {
  const until = Date.now() + readyWithinMs;
  while (Date.now() < until && !child.ended) {
    const ready = await fetch(`${origin}/health/ready`, { signal: AbortSignal.timeout(1_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(child.ended ? `${child.name} ended: see above.` : `${child.name} was not ready within ${readyWithinMs / 1_000} s.`);
}
