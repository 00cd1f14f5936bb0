import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A registry in this process that answers as Consul does: the instances of one service that are well, by blocking queries. */
export class Consul {
  readonly #instances = new Set<number>();
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #server = this.#serve();
  #index = 1;

  async listen(port = 0): Promise<number> {
    if (port !== 0) this.#server = this.#serve();
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** As if its machine was gone. */
  async die(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get addresses(): string[] {
    return Array.from(this.#instances, (port) => `127.0.0.1:${port}`).sort();
  }

  register(port: number): void {
    this.#instances.add(port);
    this.#change();
  }

  deregister(port: number): void {
    if (this.#instances.delete(port)) this.#change();
  }

  #serve(): Server {
    return createServer((request, response) => void this.#answer(request, response));
  }

  #change(): void {
    this.#index++;
    this.#changes.emit('change');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { searchParams } = new URL(request.url ?? '/', 'http://consul');
    if (Number(searchParams.get('index')) === this.#index) {
      const waitMs = Number.parseInt(searchParams.get('wait') ?? '0', 10);
      await Promise.race([once(this.#changes, 'change'), new Promise((resolve) => setTimeout(resolve, waitMs).unref())]);
    }
    const entries = Array.from(this.#instances, (Port) => ({ Node: {}, Service: { ID: String(Port), Address: '127.0.0.1', Port } }));
    response.setHeader('x-consul-index', String(this.#index)).setHeader('content-type', 'application/json').end(JSON.stringify(entries));
  }
}
