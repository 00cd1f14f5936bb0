import type { Server, TLSSocket } from 'node:tls';
import type { Logger } from '@facet/observability';
import { identityIn } from './tls-identity.js';

/** PeersOptions: the service, and who may speak to it. */
export interface PeersOptions {
  /** Own name: a service may ask itself how it is. */
  readonly name: string;
  /** The issuers of internal tokens of whom it has keys. */
  readonly issuers: readonly string[];
  readonly logger: Logger;
  readonly now?: () => number;
}

/** As long as a gRPC connection lasts: then whoever is there shows a certificate anew. */
const ageMs = 600_000;

/** Peers: who is on the other end of each connection of a service, by the certificate that TLS has verified; whom the service does not know has no connection. */
export class Peers {
  readonly #allowed: ReadonlySet<string>;
  readonly #logger: Logger;
  readonly #connections = new WeakMap<object, { readonly name: string; readonly since: number }>();
  readonly #now: () => number;
  readonly #refused = new Set<string>();

  constructor({ name, issuers, logger, now = Date.now }: PeersOptions) {
    this.#allowed = new Set([name, ...issuers]);
    this.#logger = logger;
    this.#now = now;
  }

  /** Takes a connection, known by its socket or its session, or says that it is to end. */
  admit(connection: object, socket: Pick<TLSSocket, 'authorized' | 'getPeerCertificate'>): boolean {
    const name = socket.authorized ? identityIn(socket.getPeerCertificate().subjectaltname) : undefined;
    if (name === undefined || !this.#allowed.has(name)) return this.#refuse(name ?? 'somebody without a name of ours');
    this.#connections.set(connection, { name, since: this.#now() });
    return true;
  }

  /** Who is there; the empty name, which no issuer has, where that is not known. */
  of(connection: object | undefined): string {
    return (connection && this.#connections.get(connection)?.name) ?? '';
  }

  /** It has lasted long enough. */
  isOld(connection: object): boolean {
    const known = this.#connections.get(connection);
    return known !== undefined && this.#now() - known.since >= ageMs;
  }

  /** Once for each of them: whoever is refused tries again. */
  #refuse(name: string): false {
    if (!this.#refused.has(name)) this.#logger.warn({}, `A connection of ${name} was refused`);
    this.#refused.add(name);
    return false;
  }
}

/** guardConnections: from now on a server sees no connection but those of its peers: whoever is refused hears not a word of its protocol. */
export function guardConnections(server: Pick<Server, 'listeners' | 'on' | 'removeAllListeners'>, peers: Peers): void {
  const event = 'secureConnection';
  const served = server.listeners(event);
  server.removeAllListeners(event);
  server.on(event, (socket: TLSSocket) => {
    if (!peers.admit(socket, socket)) return void socket.destroy();
    for (const serve of served) serve.call(server, socket);
  });
}
