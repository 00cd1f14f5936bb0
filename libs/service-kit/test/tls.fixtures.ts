import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { Certificates } from '@facet/certs';
import { onTestFinished } from 'vitest';

export async function certificates(): Promise<Certificates> {
  const made = await Certificates.make();
  onTestFinished(() => made.remove());
  return made;
}

/** The first words of a client, and what waits for the server's: in TLS 1.3 a server looks at the client's certificate last. */
const hello = {
  h2: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0',
  'http/1.1': 'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n',
} as const;

/** What a client could resume a session by. */
export const ticketsOf = new WeakMap<TLSSocket, Buffer[]>();

/** Shakes hands and hears the server's first words. Rejects where there are none. */
export async function shake(port: number, protocol: keyof typeof hello, options: ConnectionOptions): Promise<TLSSocket> {
  const trust = { ALPNProtocols: [protocol], servername: 'localhost', checkServerIdentity: () => undefined };
  const socket = connect({ port, host: '127.0.0.1', ...trust, ...options });
  onTestFinished(() => void socket.destroy());
  const tickets: Buffer[] = [];
  ticketsOf.set(socket, tickets);
  socket.on('session', (ticket) => tickets.push(ticket));
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject).once('close', () => reject(new Error('closed')));
    socket.once('data', () => resolve());
    socket.once('secureConnect', () => socket.write(hello[protocol]));
  });
  return socket;
}
