import { InternalTokenMinter } from '@facet/auth';
import type { Report } from '@facet/discovery';
import { openCertificate, type TlsSettings } from '@facet/service-kit/tls';
import type { ServiceDefinition } from '@facet/service-kit/wire';
import { createClient, type Client } from './client.js';
import { createHttpClient, type HttpClient } from './http-client.js';
import type { HttpServiceDefinition } from './http-route.js';
import { LastGood } from './last-good.js';
import type { PolicyOptions } from './policy.js';
import type { Remote } from './remote.js';
import { Tiers } from './tiers.js';

/** ClientOptions: one service as this process calls it. */
export interface ClientOptions {
  readonly service: ServiceDefinition;
  /** Short name, as `degraded` and logs show it: `rooms`. */
  readonly dependency: string;
  /** Whom the internal token is for: `rooms-service`. */
  readonly audience: string;
  /** `static:host:port`, or what else @facet/discovery follows. */
  readonly target: string;
  /** Where else the service is, while the target has nobody who can be reached, or its breaker is open. */
  readonly backupTarget?: string | undefined;
  /** The zone of this process: policy `nearest` stays in it while it can. */
  readonly zone?: string | undefined;
  /** The longest that one call may take. */
  readonly deadlineMs: number;
  /** Where it differs from `defaultPolicy`. */
  readonly policy?: PolicyOptions;
}

/** ConnectOptions: who calls (`mobile-bff`), the secret from which its keys are derived, and whom. */
export interface ConnectOptions<C extends Readonly<Record<string, ClientOptions>>> {
  readonly issuer: string;
  readonly rootKey: Uint8Array;
  /** The files of the issuer's certificate (`tlsSettings` of @facet/config). Without them only loopback is called. */
  readonly tls?: TlsSettings | undefined;
  readonly clients: C;
  /** Kept back of each request's time, to answer with what there is; 20 unless told. */
  readonly reserveMs?: number;
  /** Where it is said that a registry is away. */
  readonly report?: Report;
}

/** ClientOf: how a service is called: what is called by HTTP has a way for bytes as well. */
export type ClientOf<S extends ServiceDefinition> = S extends HttpServiceDefinition ? HttpClient<S> : Client<S>;

/** ClientsOf: a client for each of the options. */
export type ClientsOf<C extends Readonly<Record<string, ClientOptions>>> = { readonly [Name in keyof C]: ClientOf<C[Name]['service']> };

/** Connected: clients, what they keep for `stale` parts, whom they know, and how to close their channels. */
export interface Connected<C extends Readonly<Record<string, ClientOptions>>> {
  readonly clients: ClientsOf<C>;
  readonly lastGood: LastGood;
  /** Who tells services who is calling. */
  readonly minter: InternalTokenMinter;
  /** Addresses of the instances of each target, as its registry told of them last. */
  instances(): Readonly<Record<string, readonly string[]>>;
  close(): void;
}

/**
 * connectClients: a typed client for each service. Services at one target share its table, a channel, a retry budget and a bulkhead, those
 * of the first. Nothing but a registry is connected to before the first call. Throws where a policy or a target makes no sense, or the certificate is of no use.
 */
export function connectClients<const C extends Readonly<Record<string, ClientOptions>>>(options: ConnectOptions<C>): Connected<C> {
  const { issuer, rootKey, tls = {}, reserveMs = 20, report = () => undefined } = options;
  const minter = new InternalTokenMinter({ issuer, rootKey });
  const lastGood = new LastGood();
  const tiers = new Tiers(report, openCertificate(issuer, tls, report));
  const clients = Object.entries(options.clients).map(([name, { target, backupTarget, zone, policy = {}, ...rest }]) => {
    const kind = rest.service.http ? 'http' : 'grpc';
    const tierAt = (target: string) => tiers.at({ target, audience: rest.audience, kind, policy, zone });
    const backup = backupTarget === undefined ? undefined : tierAt(backupTarget);
    const remote = { ...rest, kind, primary: tierAt(target), backup, policy, reserveMs, minter } as const;
    return [name, isHttp(remote) ? createHttpClient(remote, lastGood) : createClient(remote, lastGood)];
  });
  return {
    clients: Object.fromEntries(clients) as ClientsOf<C>,
    lastGood,
    minter,
    instances: () => tiers.instances(),
    close: () => tiers.close(),
  };
}

function isHttp(remote: Remote): remote is Remote & { readonly service: HttpServiceDefinition } {
  return remote.kind === 'http';
}
