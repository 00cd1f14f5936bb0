import { TcpProxy } from '@facet/faults';
import { connect } from 'node:net';
import type { Bench } from '../../bench.js';
import { Child } from '../../processes/child.js';
import { applicationOf } from '../../processes/module-of.js';
import { freePort } from '../../processes/reach.js';
import { pause } from '../send.js';

const startsWithinMs = 30_000;

/** One more process of a service of the installation, on the same data, behind a network that can be slow. */
export class Instance {
  #child: Child | undefined;

  private constructor(
    private readonly name: string,
    private readonly environment: Readonly<Record<string, string>>,
    private readonly port: number,
    readonly network: TcpProxy,
  ) {}

  static async start(bench: Bench, name: string): Promise<Instance> {
    const port = await freePort();
    const environment = {
      ...bench.choices.inherited,
      ...(await bench.installation).environmentOf(name),
      LOG_LEVEL: 'error',
      PORT: String(port),
    };
    const instance = new Instance(name, environment, port, await TcpProxy.start({ to: { port } }));
    await instance.run();
    return instance;
  }

  /** Starts it where it was. */
  async run(): Promise<void> {
    this.#child = new Child({ name: this.name, module: applicationOf(this.name), environment: this.environment });
    const until = Date.now() + startsWithinMs;
    while (!(await listens(this.port))) {
      if (this.#child.ended || Date.now() > until) throw new Error(`${this.name} did not start on ${this.port}`);
      await pause(50);
    }
  }

  /** As if its machine was gone: no goodbye. */
  kill(): void {
    process.kill(this.#child!.pid, 'SIGKILL');
  }

  async stop(): Promise<void> {
    await this.network.close();
    await this.#child?.stop();
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}
