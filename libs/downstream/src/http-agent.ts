import { Agent, type AgentOptions, type ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConnectionSecurity } from './connection-security.js';

/** HttpAgent: Node's pool of connections, which are as the ConnectionSecurity makes them. */
export class HttpAgent extends Agent {
  constructor(
    private readonly security: ConnectionSecurity,
    options: AgentOptions,
  ) {
    super(options);
  }

  override createConnection({ host, port }: ClientRequestArgs, created: (error: Error | null, socket: Duplex) => void): Duplex | undefined {
    const opened = this.security.open(host ?? '', Number(port), 'http/1.1');
    if (!(opened instanceof Error)) return opened;
    created(opened, undefined as never);
    return undefined;
  }
}
