import { InternalTokenMinter } from '@facet/auth';
import type { ServiceDefinition } from '@facet/service-kit/wire';
import { openChannel, type Channel } from './channel.js';
import { createClient, type Client } from './client.js';

/** ClientOptions: one service as this process calls it. */
export interface ClientOptions {
  readonly service: ServiceDefinition;
  /** Short name, as `degraded` and logs show it: `rooms`. */
  readonly dependency: string;
  /** Whom the internal token is for: `rooms-service`. */
  readonly audience: string;
  /** `static:host:port`. */
  readonly target: string;
  /** The longest that one call may take. */
  readonly deadlineMs: number;
}

/** ConnectOptions: who calls (`mobile-bff`), the secret from which its keys are derived, and whom. */
export interface ConnectOptions<C extends Readonly<Record<string, ClientOptions>>> {
  readonly issuer: string;
  readonly rootKey: Uint8Array;
  readonly clients: C;
  /** Kept back of each request's time, to answer with what there is; 20 unless told. */
  readonly reserveMs?: number;
}

/** ClientsOf: a client for each of the options. */
export type ClientsOf<C extends Readonly<Record<string, ClientOptions>>> = { readonly [Name in keyof C]: Client<C[Name]['service']> };

/** Connected: clients, and how to close their channels. */
export interface Connected<C extends Readonly<Record<string, ClientOptions>>> {
  readonly clients: ClientsOf<C>;
  close(): void;
}

/** connectClients: a typed client for each service. Services at one target share a channel. Nothing connects before the first call. */
export function connectClients<const C extends Readonly<Record<string, ClientOptions>>>(options: ConnectOptions<C>): Connected<C> {
  const { issuer, rootKey, reserveMs = 20 } = options;
  const minter = new InternalTokenMinter({ issuer, rootKey });
  const channels = new Map<string, Channel>();
  const clients = Object.entries(options.clients).map(([name, { service, dependency, audience, target, deadlineMs }]) => {
    const channel = channels.get(target) ?? openChannel(target);
    channels.set(target, channel);
    return [name, createClient(service, { service, dependency, audience, deadlineMs, reserveMs, channel, minter })];
  });
  return {
    clients: Object.fromEntries(clients) as ClientsOf<C>,
    close: () => channels.forEach((channel) => channel.close()),
  };
}
