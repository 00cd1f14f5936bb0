import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { pathOf, type ServiceDefinition } from '@facet/service-kit/wire';
import { closedAfterwards } from '../cleanup.js';
import type { AccessLine } from './access-suite.js';
import { codeOf, type RoleCaller } from './service-access.js';

/** RpcCaller: who asks a service over gRPC: a role, or somebody who brings no token. */
export type RpcCaller = 'anonymous' | RoleCaller;

/** RpcLines: what is asked of a service, RPC by RPC. Batch twins are asked by their singles: calls of one moment travel together. */
export class RpcLines {
  readonly #lines: AccessLine<RpcCaller>[] = [];
  readonly #paths = new Map<string, string>();
  readonly #client: Client;

  /** `target` is `static:host:port`, as a BFF would be told. */
  constructor(target: string, services: readonly ServiceDefinition[]) {
    this.#client = new Client(target.replace(/^static:/, ''), credentials.createInsecure());
    closedAfterwards(async () => this.#client.close());
    for (const service of services) {
      const twins = Object.values(service.batchedBy);
      for (const [key, method] of Object.entries(service.methods))
        if (!twins.includes(key)) this.#paths.set(method.name, pathOf(service, method));
    }
  }

  /** A line whose name begins with its RPC: `GetRoom`, or `GetRoom: a private one`. */
  add(name: string, rule: string, call: (role: RoleCaller) => Promise<unknown>): void {
    const path = this.#paths.get(rpcOf(name));
    if (!path) throw new Error(`${name} is of no RPC`);
    this.#lines.push({ name, rule, ask: (who) => (who === 'anonymous' ? this.#askWithoutToken(path) : codeOf(call(who))) });
  }

  /** All lines; throws where an RPC has none. */
  all(): readonly AccessLine<RpcCaller>[] {
    const asked = new Set(this.#lines.map(({ name }) => rpcOf(name)));
    const forgotten = [...this.#paths.keys()].filter((rpc) => !asked.has(rpc));
    if (forgotten.length > 0) throw new Error(`Nobody asks for ${forgotten.join(', ')}`);
    return this.#lines;
  }

  #askWithoutToken(path: string): Promise<string> {
    const bytes = (message: Buffer) => message;
    return new Promise((resolve) => {
      this.#client.makeUnaryRequest(path, bytes, bytes, Buffer.alloc(0), (error: ServiceError | null) =>
        resolve(error ? String(error.metadata.get('facet-code')[0]) : 'yes'),
      );
    });
  }
}

function rpcOf(name: string): string {
  return name.split(':', 1)[0]!;
}
