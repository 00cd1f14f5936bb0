import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** RegistryServer: an HTTP server that can be killed, comes back at the same port, and can fall silent. */
export abstract class RegistryServer {
  /** `GET /path?query` of every request. */
  readonly seen: string[] = [];
  readonly headersSeen: IncomingMessage['headers'][] = [];
  #server: Server | undefined;
  #sockets = new Set<Socket>();
  #port = 0;
  #silent = false;

  get host(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async start(): Promise<this> {
    this.#silent = false;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** As a process that dies: its connections are reset, its port is closed. What it knows is kept for `start`. */
  async kill(): Promise<void> {
    const closed = new Promise((resolve) => (this.#server?.listening ? this.#server.close(resolve) : resolve(undefined)));
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await closed;
  }

  /** As a machine that vanishes: connections stay, nothing is answered. */
  fallSilent(): void {
    this.#silent = true;
  }

  protected abstract answer(request: IncomingMessage, url: URL, response: ServerResponse, body: string): void | Promise<void>;

  protected json(response: ServerResponse, status: number, body?: unknown, headers: Record<string, string> = {}): void {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body === undefined ? '' : JSON.stringify(body));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://registry');
    this.seen.push(`${request.method} ${request.url}`);
    this.headersSeen.push(request.headers);
    if (this.#silent) return;
    let body = '';
    for await (const chunk of request) body += String(chunk);
    await this.answer(request, url, response, body);
  }
}
