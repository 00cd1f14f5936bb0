import type { IncomingMessage } from 'node:http';

/** For a client that is still sending after it has its answer, so that it can read that. */
const lingerMs = 2_000;

/** letFinish: once a request has been answered, what still comes of it is thrown away; who does not stop for two seconds is cut off. */
export function letFinish(raw: IncomingMessage): void {
  if (raw.complete || raw.destroyed) return;
  const cut = setTimeout(() => raw.socket.destroy(), lingerMs);
  raw.once('close', () => clearTimeout(cut)).once('end', () => clearTimeout(cut));
  raw.resume();
}
