import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Ending, RequestContext, type Caller } from '@facet/context';
import { onTestFinished } from 'vitest';
import type { Reachable } from '../src/http-reach.js';

/** A server of HTTP, as bare as it gets, that remembers what it was asked. */
export class TestServer {
  readonly asked: IncomingMessage[] = [];
  readonly sockets = new Set<Socket>();
  /** Connections that there have been. */
  connections = 0;
  handle: RequestListener = (_request, response) => response.end();
  readonly #server = createServer((request, response) => {
    this.asked.push(request);
    this.handle(request, response);
  });
  #port = 0;

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get member(): Reachable {
    return { address: this.address, reachable: true };
  }

  async start(port = 0): Promise<this> {
    this.#server.on('connection', (socket) => {
      this.connections++;
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => {});
    });
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

/** One that is gone after the test. */
export async function startServer(handle?: RequestListener, port?: number): Promise<TestServer> {
  const server = await new TestServer().start(port);
  if (handle) server.handle = handle;
  onTestFinished(() => server.stop());
  return server;
}

export function json(response: ServerResponse, value: unknown, status = 200, headers: Record<string, string> = {}): void {
  const type = status < 400 ? 'application/json; charset=utf-8' : 'application/problem+json; charset=utf-8';
  response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(value));
}

/** What a secret of the tests looks like, wherever it may turn up. */
export const token = 'token-that-nobody-may-see';

export const carol: Caller = { subject: 'carol', kind: 'user', client: 'mobile-app', scopes: [], roles: [], permissions: [] };

export function contextOf({ timeoutMs = 5_000, ending = new Ending() }: { timeoutMs?: number; ending?: Ending } = {}): RequestContext {
  return new RequestContext({ caller: carol, deadline: Date.now() + timeoutMs, ending, requestId: 'a-request', traceparent: '00-a-b-01' });
}

/** All that a log could print of an error. */
export function printed(error: unknown, seen = new Set<unknown>()): string {
  if (typeof error !== 'object' || error === null) return typeof error === 'function' ? '' : String(error);
  if (seen.has(error)) return '';
  seen.add(error);
  return Reflect.ownKeys(error)
    .map((key) => `${String(key)}=${printed((error as Record<PropertyKey, unknown>)[key], seen)}`)
    .join('\n');
}
