import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { TcpProxy, type TcpProxyOptions } from '../src/index.js';

const open: (() => Promise<unknown>)[] = [];

/** Closes what a test opened. */
export async function closeAll(): Promise<void> {
  for (const close of open.splice(0).reverse()) await close();
}

/** Who answers: what it does with each connection, and those that it has. */
export async function startUpstream(serve: (socket: Socket) => void = (socket) => socket.pipe(socket)) {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, sockets, server };
}

/** A proxy in front of it. */
export async function startProxy(to: { port: number }, options: Partial<TcpProxyOptions> = {}): Promise<TcpProxy> {
  const proxy = await TcpProxy.start({ to: { port: to.port }, ...options });
  open.push(() => proxy.close());
  return proxy;
}

/** Who connects: all that it read so far, and how its connection ended. */
export class Caller {
  readonly socket: Socket;
  readonly #parts: Buffer[] = [];
  #length = 0;
  readonly connected: Promise<unknown>;
  /** The code of the error that ended it, or `closed`. */
  readonly ended: Promise<string>;

  constructor({ port }: { readonly port: number }) {
    this.socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    this.connected = once(this.socket, 'connect');
    this.connected.catch(() => undefined);
    let why = 'closed';
    this.socket.on('error', (error: NodeJS.ErrnoException) => (why = error.code ?? error.message));
    this.ended = once(this.socket, 'close').then(
      () => why,
      () => once(this.socket, 'close').then(() => why),
    );
    this.socket.on('data', (bytes) => (this.#length += bytes.length) && this.#parts.push(bytes));
    open.push(async () => this.socket.destroy());
  }

  get read(): Buffer {
    return Buffer.concat(this.#parts);
  }

  /** Resolves once it has read so many bytes. */
  async reads(count: number): Promise<Buffer> {
    while (this.#length < count) await once(this.socket, 'data');
    return this.read;
  }

  /** Resolves once what was said came back. */
  async echo(text: string): Promise<void> {
    const before = this.#length;
    this.socket.write(text);
    await this.reads(before + text.length);
  }
}
