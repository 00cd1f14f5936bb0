import type { RequestListener } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Logger } from '@facet/observability';
import { drain, refuseBrokenHttp } from '@facet/service-kit/http';
import { guardConnections, isLoopback, openCertificate, Peers, type OwnCertificate, type TlsSettings } from '@facet/service-kit/tls';

/** InternalListenerSettings: where our own applications reach one that clients reach as well, with the files of its certificate (`tlsSettings` of @facet/config). */
export interface InternalListenerSettings extends TlsSettings {
  readonly INTERNAL_PORT?: number | undefined;
  /** Who shares a key with it: nobody else has a connection. */
  readonly INTERNAL_KEYS?: Readonly<Record<string, unknown>>;
}

/** InternalListenerOptions: what is served there, and how long it may take to come, as on the plain listener. */
export interface InternalListenerOptions {
  readonly name: string;
  readonly host: string;
  readonly logger: Logger;
  readonly handler: RequestListener;
  readonly timeouts: Pick<ServerOptions, 'requestTimeout' | 'headersTimeout' | 'keepAliveTimeout'>;
}

const peersOf = new WeakMap<object, string>();

/**
 * internalPeer: which of our own applications a request comes from, for InternalTokenVerifier: by its certificate; the empty name, which is nobody's, where it shows none. Undefined, which asks
 * for no certificate, only over loopback to an application that has none itself.
 */
export function internalPeer(
  { socket }: { readonly socket: { readonly remoteAddress?: string | undefined } },
  { TLS_CERT_FILE }: TlsSettings,
): string | undefined {
  return TLS_CERT_FILE === undefined && isLoopback(socket.remoteAddress ?? '') ? undefined : (peersOf.get(socket) ?? '');
}

/** InternalListener: the same application for our own ones, by mutual TLS 1.3: whoever has no certificate, or one of somebody else, has no connection. */
export class InternalListener {
  private constructor(
    private readonly server: Server,
    private readonly certificate: OwnCertificate,
  ) {}

  /** Listens, where the settings name a certificate and a port; a StartFailure where its files are no use. */
  static async open(settings: InternalListenerSettings, options: InternalListenerOptions): Promise<InternalListener | undefined> {
    const { INTERNAL_PORT: port, INTERNAL_KEYS = {} } = settings;
    const { name, host, logger, handler, timeouts } = options;
    if (port === undefined) return undefined;
    const certificate = openCertificate(name, settings, (level, line) => logger[level]({}, line));
    if (!certificate) return undefined;
    const server = createServer({ ...certificate.options, ...timeouts, requestCert: true, rejectUnauthorized: true }, handler);
    const peers = new Peers({ name, issuers: Object.keys(INTERNAL_KEYS), logger });
    guardConnections(server, peers);
    server.prependListener('request', ({ socket }) => void peersOf.set(socket, peers.of(socket)));
    server.on('clientError', refuseBrokenHttp);
    certificate.onChange(() => server.setSecureContext(certificate.options));
    const listener = new InternalListener(server, certificate);
    try {
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
    } catch (error) {
      certificate.close();
      throw error;
    }
    return listener;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Accepts nothing new, and finishes what is under way within so many milliseconds. */
  async drain(withinMs: number): Promise<void> {
    this.certificate.close();
    await drain(this.server, withinMs);
  }
}
