import { hash, X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import type { Connection, HttpRequest } from './http-request.js';
import { Networks } from './networks.js';

/** An item of bytes (RFC 8941, section 3.3.5), as RFC 9440 has it: a certificate in DER. */
const sentCertificate = /^:([A-Za-z0-9+/]+={0,2}):$/;

/**
 * ClientCertificates: which certificate the client of a request showed that it has the key of. TLS saw it, or a proxy did that ended TLS for the client and
 * says so in `Client-Cert` (RFC 9440): such proxies are named by address, and what anybody else says there is nothing. A proxy's own certificate is never
 * its client's. Who signed a certificate is not asked: it stands for its key alone.
 */
export class ClientCertificates {
  readonly #proxies: Networks;
  readonly #seen = new WeakMap<object, X509Certificate | null>();

  constructor(proxies: readonly string[] = []) {
    this.#proxies = new Networks(proxies);
  }

  of({ headers, socket }: Pick<HttpRequest, 'headers' | 'socket'>): X509Certificate | undefined {
    if (!socket) return undefined;
    return this.speaksForClients(socket) ? certificateIn(headers['client-cert']) : this.#shownIn(socket);
  }

  /** Whether what this connection says in `Client-Cert` counts. */
  speaksForClients({ remoteAddress }: Connection): boolean {
    return remoteAddress !== undefined && this.#proxies.has(remoteAddress);
  }

  /** Of a connection it is read once: it cannot change. */
  #shownIn(socket: Connection): X509Certificate | undefined {
    if (!(socket instanceof TLSSocket)) return undefined;
    let seen = this.#seen.get(socket);
    if (seen === undefined) {
      seen = socket.getPeerX509Certificate() ?? null;
      this.#seen.set(socket, seen);
    }
    return seen ?? undefined;
  }
}

/** thumbprintOf: the `x5t#S256` of a certificate (RFC 8705, section 3.1): the SHA-256 of its DER, in base64url. */
export function thumbprintOf(certificate: X509Certificate): string {
  return hash('sha256', certificate.raw, 'base64url');
}

function certificateIn(header: string | string[] | undefined): X509Certificate | undefined {
  const [, bytes] = (typeof header === 'string' && sentCertificate.exec(header.trim())) || [];
  if (!bytes) return undefined;
  try {
    const der = Buffer.from(bytes, 'base64');
    const certificate = new X509Certificate(der);
    // PEM would be read as well, and so would DER with something after it.
    return certificate.raw.equals(der) ? certificate : undefined;
  } catch {
    return undefined;
  }
}
