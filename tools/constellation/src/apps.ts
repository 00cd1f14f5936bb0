import type { Secrets } from './secrets.js';

/** What the constellation knows of the outside: where the parts are, and with which secrets they trust each other. */
export interface Surroundings {
  readonly portOffset: number;
  /** The name under which browsers reach web-bff; localhost unless told. */
  readonly webHost?: string;
  readonly databaseUrl: (role: string) => string;
  readonly kafkaBrokers: string;
  readonly secrets: Secrets;
  /** Our own applications speak to each other by mutual TLS. */
  readonly tls?: boolean;
  /** BFFs reach services by way of the fault proxies. */
  readonly detour?: boolean;
  /** Where media-service keeps its files. */
  readonly mediaFolder?: string;
}

/** One application: what is started, where it listens, what it owns in the database, and what it alone is told. */
export interface App {
  readonly name: string;
  readonly port: number;
  readonly kind: 'http' | 'grpc';
  /** Its PostgreSQL schema; absent for the BFFs, which own no data. */
  readonly schema?: string;
  /** The schema in which its replicas share what they know together, where they have no Redis. */
  readonly stateSchema?: string;
  /** The topics that it publishes, if any. */
  readonly publishes?: readonly string[];
  /** The topics that each of its processes watches, if any. */
  readonly watches?: readonly string[];
  readonly environment: (surroundings: Surroundings) => Record<string, string>;
}

/** What has ended before its time; services, which are in the log already, read it too. */
const revocations = 'facet.revocations.v1';

const bffs = ['web-bff', 'mobile-bff', 'partner-bff'];

/** The whole system. This list is the architecture diagram that runs. */
export const apps: readonly App[] = [
  identity('identity-provider', 4000),
  service('users', 5051, { publishes: true }),
  service('rooms', 5052, { publishes: true }),
  service('messages', 5053, { publishes: true }),
  service('presence', 5054, {}),
  service('notifications', 5055, {}),
  media('media', 5080),
  bff('web-bff', 4001, {
    watches: ['facet.rooms.v1', revocations],
    stateSchema: 'web_bff',
    more: (secrets) => ({
      CLIENT_KEY: JSON.stringify(secrets.clientKey('web-app')),
      SESSION_KEYS: JSON.stringify(secrets.encryptionKeys('web-bff')),
    }),
  }),
  bff('mobile-bff', 4002, {
    watches: ['facet.rooms.v1', revocations],
    stateSchema: 'mobile_bff',
    more: () => ({ BEARER_CLIENTS: 'mobile-app-dev' }),
  }),
  bff('partner-bff', 4003, { watches: [revocations], asksIdentity: true }),
];

function identity(name: string, port: number): App {
  return {
    name,
    port,
    kind: 'http',
    schema: 'identity',
    publishes: ['facet.accounts.v1', revocations],
    environment: ({ portOffset, webHost, databaseUrl, kafkaBrokers, secrets, tls }) => ({
      MANAGEMENT_PORT: String(port + portOffset + 100),
      ...(tls && { INTERNAL_PORT: String(identityPort(portOffset, tls)) }),
      ISSUER_URL: issuerUrl(portOffset),
      ENCRYPTION_KEYS: JSON.stringify(secrets.encryptionKeys(name)),
      ROOT_KEY: secrets.rootKey(name),
      INTERNAL_KEYS: JSON.stringify({ 'partner-bff': secrets.internalKey('partner-bff', name) }),
      CLIENTS: JSON.stringify(clientsOf(webUrl(portOffset, webHost), secrets)),
      DATABASE_URL: databaseUrl('identity_provider'),
      KAFKA_BROKERS: kafkaBrokers,
    }),
  };
}

function service(domain: string, port: number, { publishes = false }): App {
  const name = `${domain}-service`;
  return {
    name,
    port,
    kind: 'grpc',
    schema: domain,
    ...(publishes && { publishes: [`facet.${domain}.v1`] }),
    environment: ({ databaseUrl, kafkaBrokers, secrets }) => ({
      DATABASE_URL: databaseUrl(`${domain}_service`),
      KAFKA_BROKERS: kafkaBrokers,
      INTERNAL_KEYS: JSON.stringify(Object.fromEntries([...bffs, 'importer'].map((issuer) => [issuer, secrets.internalKey(issuer, name)]))),
    }),
  };
}

/** A service with files, and plain HTTP. */
function media(domain: string, port: number): App {
  const { environment, ...app } = service(domain, port, { publishes: true });
  return {
    ...app,
    kind: 'http',
    environment: (surroundings) => ({ ...environment(surroundings), MEDIA_DIR: surroundings.mediaFolder ?? '.facet/media' }),
  };
}

/** What differs from one BFF to the next, and is the same everywhere. */
interface Bff extends Pick<App, 'watches' | 'stateSchema'> {
  readonly more?: (secrets: Secrets) => Readonly<Record<string, string>>;
  /** Whether it asks the issuer about more than its public keys. */
  readonly asksIdentity?: boolean;
}

function bff(name: string, port: number, { watches, stateSchema, more, asksIdentity }: Bff): App {
  return {
    name,
    port,
    kind: 'http',
    ...(watches && { watches }),
    ...(stateSchema && { stateSchema }),
    environment: ({ portOffset, webHost, databaseUrl, kafkaBrokers, secrets, detour, tls }) => ({
      ...(watches && kafkaBrokers && { KAFKA_BROKERS: kafkaBrokers }),
      ...((stateSchema || (watches && !kafkaBrokers)) && { DATABASE_URL: databaseUrl(roleOf({ name })) }),
      PUBLIC_URL: name === 'web-bff' ? webUrl(portOffset, webHost) : `http://localhost:${port + portOffset}`,
      ...more?.(secrets),
      ...(asksIdentity && { IDENTITY_TARGET: `static:127.0.0.1:${identityPort(portOffset, tls)}` }),
      MANAGEMENT_PORT: String(port + portOffset + 100),
      ISSUER_URL: issuerUrl(portOffset),
      INTERNAL_ROOT_KEY: secrets.rootKey(name),
      ...Object.fromEntries(
        apps
          .filter(isService)
          .map((each) => [
            `${each.schema!.toUpperCase()}_TARGET`,
            `static:127.0.0.1:${detour ? detourPort(each, portOffset) : each.port + portOffset}`,
          ]),
      ),
    }),
  };
}

/** Our own OAuth clients, as the issuer knows them: of the browser's application the public key, of the phone's its addresses. */
function clientsOf(web: string, secrets: Secrets) {
  const { kty, crv, x, y, kid, alg, use } = secrets.clientKey('web-app');
  return {
    'web-app': {
      redirectUris: [`${web}/bff/callback`],
      postLogoutRedirectUris: [`${web}/`],
      backchannelLogoutUri: `${web}/bff/backchannel`,
      jwks: { keys: [{ kty, crv, x, y, kid, alg, use }] },
    },
    'mobile-app': { redirectUris: ['com.facet.app:/callback', 'http://127.0.0.1/callback'] },
  };
}

/** Where our own applications reach the issuer: with TLS on a listener that clients do not see. */
function identityPort(portOffset: number, tls = false): number {
  return (tls ? 4200 : 4000) + portOffset;
}

/** Where tokens come from. */
export function issuerUrl(portOffset: number): string {
  return `http://localhost:${4000 + portOffset}`;
}

/** Where browsers reach web-bff. */
export function webUrl(portOffset: number, host = 'localhost'): string {
  return `http://${host}:${4001 + portOffset}`;
}

/** Whether it answers our own applications alone. */
export function isService({ name }: Pick<App, 'name'>): boolean {
  return name.endsWith('-service');
}

/** Where a service's fault proxy listens. */
export function detourPort({ port }: Pick<App, 'port'>, portOffset: number): number {
  return port + portOffset + 10_000;
}

/** The database role of an application. */
export function roleOf({ name }: Pick<App, 'name'>): string {
  return name.replace('-', '_');
}
