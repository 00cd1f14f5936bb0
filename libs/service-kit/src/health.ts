import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { Readiness } from './readiness.js';

const intervalMs = 2_000;

/** Health: grpc.health.v1 for each service and for `""`. */
export class Health {
  readonly #names: readonly string[];
  readonly #health: HealthImplementation;
  #timer: NodeJS.Timeout | undefined;

  constructor(services: readonly string[]) {
    this.#names = ['', ...services];
    this.#health = new HealthImplementation(Object.fromEntries(this.#names.map((name) => [name, 'NOT_SERVING' as const])));
  }

  addToServer(server: Server): void {
    this.#health.addToServer(server);
  }

  /** SERVING while everything is there that the application needs. */
  async follow(readiness: Readiness): Promise<void> {
    const look = async () => this.#set((await readiness.check()).length === 0);
    await look();
    this.#timer = setInterval(() => void look(), intervalMs).unref();
  }

  /** NOT_SERVING from now on. */
  stop(): void {
    clearInterval(this.#timer);
    this.#stopped = true;
    this.#set(false);
  }

  #stopped = false;

  #set(serving: boolean): void {
    for (const name of this.#names) this.#health.setStatus(name, serving && !this.#stopped ? 'SERVING' : 'NOT_SERVING');
  }
}
