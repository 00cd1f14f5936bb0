import { randomBytes } from 'node:crypto';
import { connectClients, type ClientOptions } from '@facet/downstream';
import type { Fault } from '@facet/edge';
import { slowDeadlineMs, startFaultyService, type FaultyService } from './faulty-service.js';
import type { AnyClient } from './keyed-clients.js';

interface Connected {
  readonly service: FaultyService;
  readonly client: AnyClient;
  close(): void;
}

const rootKey = randomBytes(32);

/** A dependency of one request: a service that fails once it is told to, and a client of it that remembers nothing. There once somebody calls it. */
export class FailingDependency {
  readonly client: AnyClient = new Proxy({} as AnyClient, {
    get:
      (_, method: string) =>
      async (...given: unknown[]) => {
        this.#connected ??= this.#connect();
        const { client } = await this.#connected;
        return client[method]!(...given);
      },
  });
  #connected: Promise<Connected> | undefined;
  #fails = false;

  constructor(
    private readonly options: ClientOptions,
    private readonly handlers: object,
    private readonly fault: Fault,
  ) {}

  /** From now on it fails. */
  async fail(): Promise<void> {
    this.#fails = true;
    await (await this.#connected)?.service.fail(this.fault);
  }

  async stop(): Promise<void> {
    const connected = await this.#connected;
    connected?.close();
    await connected?.service.stop();
  }

  async #connect(): Promise<Connected> {
    const { options, handlers, fault } = this;
    const service = await startFaultyService(options.service, handlers);
    if (this.#fails) await service.fail(fault);
    const deadlineMs = fault === 'slow' ? slowDeadlineMs : options.deadlineMs;
    const called = { ...options, target: service.target, deadlineMs };
    const { clients, close } = connectClients({ issuer: 'visits', rootKey, clients: { called } });
    return { service, client: clients.called as unknown as AnyClient, close };
  }
}
