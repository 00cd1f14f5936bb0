import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Link } from './link.js';
import type { Toxic } from './toxic.js';

/** Where a proxy leads, where it listens, and where its jitter comes from. */
export interface TcpProxyOptions {
  readonly to: { readonly host?: string; readonly port: number };
  /** 127.0.0.1 unless told. */
  readonly host?: string;
  /** Any free one unless told. */
  readonly port?: number;
  /** Numbers from 0 up to 1; `seeded(1)` gives the same ones every time. */
  readonly random?: () => number;
}

/** Somebody else may have had our port while we were down. */
const patienceMs = 5_000;
const retryMs = 20;

/** A TCP proxy of which something can be the matter, for those who are connected and for those who come. */
export class TcpProxy {
  readonly #options: TcpProxyOptions;
  readonly #links = new Set<Link>();
  #toxics: readonly Toxic[] = [];
  #server: Server | undefined;
  #port: number;
  #flaps: NodeJS.Timeout | undefined;
  #closed = false;
  /** Opens and shuts one after the other, however fast they are asked for. */
  #turns: Promise<void> = Promise.resolve();

  private constructor(options: TcpProxyOptions) {
    this.#options = options;
    this.#port = options.port ?? 0;
  }

  /** Resolves once it listens; rejects where it cannot. */
  static async start(options: TcpProxyOptions): Promise<TcpProxy> {
    const proxy = new TcpProxy(options);
    await proxy.#turn(true);
    return proxy;
  }

  /** Where it listens, or will again. */
  get port(): number {
    return this.#port;
  }

  /** For the configuration of whoever calls through it. */
  get target(): string {
    return `static:${this.#options.host ?? '127.0.0.1'}:${this.#port}`;
  }

  get toxics(): readonly Toxic[] {
    return this.#toxics;
  }

  /** How many are connected through it. */
  get connections(): number {
    return this.#links.size;
  }

  /** From now on these are the matter, and nothing else; without any it is a plain proxy. In force when it resolves, for open connections and new ones. */
  async apply(...toxics: readonly Toxic[]): Promise<void> {
    this.#toxics = toxics;
    clearInterval(this.#flaps);
    for (const link of this.#links) link.suffer(toxics);
    const flapping = toxics.find(({ kind }) => kind === 'flapping');
    let up = !flapping && !toxics.some(({ kind }) => kind === 'down');
    if (flapping?.kind === 'flapping') this.#flaps = setInterval(() => this.#turn((up = !up)).catch(() => undefined), flapping.everyMs);
    await this.#turn(up);
  }

  /** A plain proxy again. */
  clear(): Promise<void> {
    return this.apply();
  }

  /** Resets whatever is connected and frees the port. */
  async close(): Promise<void> {
    clearInterval(this.#flaps);
    this.#closed = true;
    await this.#turn(false);
  }

  #turn(up: boolean): Promise<void> {
    const turn = this.#turns.then(() => (up ? this.#open() : this.#shut()));
    this.#turns = turn.catch(() => undefined);
    return turn;
  }

  async #open(): Promise<void> {
    if (this.#server || this.#closed) return;
    const again = this.#options.port === undefined && this.#port !== 0;
    for (const until = performance.now() + (again ? patienceMs : 0); ;) {
      try {
        this.#server = await this.#listen();
        return;
      } catch (error) {
        if (performance.now() >= until) throw error;
        await pause(retryMs);
      }
    }
  }

  async #listen(): Promise<Server> {
    const server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
    server.listen(this.#port, this.#options.host ?? '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    return server;
  }

  async #shut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    for (const link of this.#links) link.reset();
    await closed;
  }

  #accept(client: Socket): void {
    const { to, random = Math.random } = this.#options;
    const server = connect({ host: to.host ?? '127.0.0.1', port: to.port, allowHalfOpen: true });
    const link = new Link({ client, server, random, gone: (link) => this.#links.delete(link) });
    this.#links.add(link);
    link.suffer(this.#toxics);
  }
}
