import { constants, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Logger } from '@facet/observability';
import { StartFailure } from '@facet/service-kit';
import { drain, refuseBrokenHttp } from '@facet/service-kit/http';
import { watchFiles } from '@facet/service-kit/tls';

/** TlsListenerSettings: the listener of `partnerTlsSettings` (@facet/config). */
export interface TlsListenerSettings {
  readonly PARTNER_TLS_PORT?: number | undefined;
  readonly PARTNER_TLS_CERT_FILE?: string | undefined;
  readonly PARTNER_TLS_KEY_FILE?: string | undefined;
}

/** TlsListenerOptions: what is served there, and how long clients may take, as on the plain listener. */
export interface TlsListenerOptions {
  readonly host: string;
  readonly logger: Logger;
  readonly handler: RequestListener;
  readonly timeouts: Pick<ServerOptions, 'requestTimeout' | 'headersTimeout' | 'keepAliveTimeout'>;
}

interface Files {
  readonly cert: string;
  readonly key: string;
}

const handshakeMs = 10_000;
/** Whoever has so little of his certificate's time left was not renewed. */
const lateShare = 0.1;

/** A client's certificate is that of the handshake; who signed it nobody asks, since tokens are bound to it and not to a name in it. */
const terms = { minVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_RENEGOTIATION } as const;

/**
 * TlsListener: the same application by TLS 1.2 or 1.3, which asks clients for a certificate and takes any, or none. Its own certificate is followed: connections
 * that begin after a change see the new one. Files that do not fit together, as while they are being replaced, change nothing.
 */
export class TlsListener {
  readonly #server: Server;
  readonly #stop: () => void;
  #cert: Buffer;
  #warned = '';

  private constructor(
    private readonly files: Files,
    private readonly options: TlsListenerOptions,
  ) {
    const { cert, key } = read(files);
    this.#cert = cert;
    this.#server = createServer(
      { ...terms, ...options.timeouts, cert, key, requestCert: true, rejectUnauthorized: false, handshakeTimeout: handshakeMs },
      options.handler,
    );
    this.#server.on('clientError', refuseBroken);
    this.#stop = watchFiles([files.cert, files.key], () => this.#reload());
  }

  /** Listens, where the settings name a port; a StartFailure where its files are no use. */
  static async open(settings: TlsListenerSettings, options: TlsListenerOptions): Promise<TlsListener | undefined> {
    const { PARTNER_TLS_PORT: port, PARTNER_TLS_CERT_FILE: cert, PARTNER_TLS_KEY_FILE: key } = settings;
    if (port === undefined || cert === undefined || key === undefined) return undefined;
    const listener = TlsListener.#over({ cert, key }, options);
    try {
      await new Promise<void>((resolve, reject) => listener.#server.once('error', reject).listen(port, options.host, resolve));
    } catch (error) {
      listener.#stop();
      throw error;
    }
    return listener;
  }

  static #over(files: Files, options: TlsListenerOptions): TlsListener {
    try {
      return new TlsListener(files, options);
    } catch (error) {
      throw new StartFailure(`PARTNER_TLS_CERT_FILE and PARTNER_TLS_KEY_FILE are of no use: ${(error as Error).message}`);
    }
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Accepts nothing new, and finishes what is under way within so many milliseconds. */
  async drain(withinMs: number): Promise<void> {
    this.#stop();
    await drain(this.#server, withinMs);
  }

  #reload(): void {
    const { logger } = this.options;
    try {
      const { cert, key, until } = read(this.files);
      if (cert.equals(this.#cert)) return this.#warn();
      this.#server.setSecureContext({ ...terms, cert, key });
      this.#cert = cert;
      logger.info({}, `Clients see a new certificate, until ${until.toISOString()}`);
    } catch (error) {
      logger.warn({}, `The certificate that clients see stays as it is: ${(error as Error).message}`);
    }
  }

  #warn(): void {
    const { validFrom, validTo } = new X509Certificate(this.#cert);
    const [from, until] = [Date.parse(validFrom), Date.parse(validTo)];
    if (this.#warned === validTo || Date.now() < until - (until - from) * lateShare) return;
    this.#warned = validTo;
    this.options.logger.warn({}, `The certificate that clients see ends at ${new Date(until).toISOString()} and was not renewed`);
  }
}

function read(files: Files) {
  const [cert, key] = [readFileSync(files.cert), readFileSync(files.key)];
  const leaf = new X509Certificate(cert);
  if (!leaf.checkPrivateKey(createPrivateKey(key))) throw new Error(`${files.key} is not the key of ${files.cert}`);
  const until = new Date(leaf.validTo);
  if (Date.now() >= until.getTime()) throw new Error(`${files.cert} ended at ${until.toISOString()}`);
  return { cert, key, until };
}

/** Who does not even speak TLS is not answered. */
function refuseBroken(error: Error & { code?: string }, socket: Socket): void {
  if (/^(HPE|ERR_HTTP)_/.test(error.code ?? '')) refuseBrokenHttp(error, socket);
  else socket.destroy();
}
