import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { connect as connectPlainly, isIP, type Socket } from 'node:net';
import { connect as connectSecurely, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { Report } from '@facet/discovery';
import { isIdentity, isLoopback, type OwnCertificate } from '@facet/service-kit/tls';

/** Whoever is there answers within this time, or is not who he should be. */
const handshakeMs = 5_000;

/** ConnectionSecurityOptions: who is to be on the other end, and how this process shows who it is. */
export interface ConnectionSecurityOptions {
  /** The service's own name, such as `rooms-service`, wherever discovery says that it is. */
  readonly expected: string;
  /** Without one, nothing leaves this machine. */
  readonly certificate?: OwnCertificate | undefined;
  readonly report?: Report;
}

/**
 * ConnectionSecurity: how connections to one service are made: by TLS 1.3 with a certificate each way, to that very service at whatever address; or, where this process has no certificate,
 * in the clear to loopback alone. What is refused is said once for each address.
 */
export class ConnectionSecurity {
  readonly #expected: string;
  readonly #certificate: OwnCertificate | undefined;
  readonly #report: Report;
  readonly #said = new Set<string>();

  constructor({ expected, certificate, report = () => undefined }: ConnectionSecurityOptions) {
    this.#expected = expected;
    this.#certificate = certificate;
    this.#report = report;
  }

  /** Connections are encrypted. */
  get encrypted(): boolean {
    return this.#certificate !== undefined;
  }

  /** What stands as TCP, ready for use. Nothing was sent before. */
  async over(socket: Socket, protocol: string): Promise<Socket> {
    const { remoteAddress = '' } = socket;
    if (this.#certificate) return this.#shaken(this.#secured({ socket }, protocol, remoteAddress));
    if (!isLoopback(remoteAddress)) throw this.#refuse(remoteAddress);
    return socket;
  }

  /** A connection that is on its way; a `secureConnect`, or without encryption a `connect`, says that it may be used. The failure where it may not be. */
  open(host: string, port: number, protocol: string): Socket | Error {
    if (this.#certificate) return this.#secured({ host, port }, protocol, host);
    if (isIP(host) && !isLoopback(host)) return this.#refuse(host);
    return connectPlainly({ host, port, lookup: (name, options, found) => this.#lookUp(name, options, found) });
  }

  #secured(where: ConnectionOptions, protocol: string, address: string): TLSSocket {
    const checkServerIdentity: ConnectionOptions['checkServerIdentity'] = isIdentity(this.#expected);
    const socket = connectSecurely({
      ...where,
      secureContext: this.#certificate!.context,
      servername: this.#expected,
      ALPNProtocols: [protocol],
      checkServerIdentity,
    });
    const timer = setTimeout(() => socket.destroy(timedOut()), handshakeMs).unref();
    const fail = (error: Error) => this.#say(address, `${this.#expected} at ${address} has no connection: ${error.message}`);
    const settled = () => {
      clearTimeout(timer);
      socket.off('error', fail);
    };
    return socket.once('error', fail).once('secureConnect', settled).once('close', settled);
  }

  #shaken(socket: TLSSocket): Promise<TLSSocket> {
    return new Promise((resolve, reject) => {
      const closed = () => reject(new Error('The connection was closed during the handshake'));
      socket.once('close', closed).once('error', reject);
      socket.once('secureConnect', () => {
        socket.off('close', closed).off('error', reject);
        resolve(socket);
      });
    });
  }

  /** As `dns.lookup`, for names of this machine. */
  #lookUp(name: string, options: LookupOptions, found: Found): void {
    lookup(name, options, (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => {
      const addresses = typeof address === 'string' ? [address] : (address ?? []).map((each) => each.address);
      const foreign = addresses.find((each) => !isLoopback(each));
      found(error ?? (foreign === undefined ? null : this.#refuse(foreign)), address, family);
    });
  }

  #refuse(address: string): NodeJS.ErrnoException {
    const line = `${this.#expected} at ${address} is not called: beyond loopback it takes TLS_CERT_FILE, TLS_KEY_FILE and TLS_CA_FILE`;
    this.#say(address, line);
    return Object.assign(new Error(line), { code: 'ECONNREFUSED' });
  }

  #say(address: string, line: string): void {
    if (this.#said.has(address)) return;
    this.#said.add(address);
    this.#report('warn', line);
  }
}

type Found = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

function timedOut(): NodeJS.ErrnoException {
  return Object.assign(new Error('The handshake takes too long'), { code: 'ETIMEDOUT' });
}
