import type { IncomingMessage } from 'node:http';
import { ClientCertificates, Networks } from '@facet/auth';

/** ProxySettings: which proxies are believed (`proxySettings` and `partnerTlsSettings` of @facet/config): about addresses, and about certificates. */
export interface ProxySettings {
  readonly TRUSTED_PROXIES?: readonly string[] | undefined;
  readonly CLIENT_CERT_PROXIES?: readonly string[] | undefined;
}

/** What a proxy says of its client, and anybody else can write. */
const ofAddresses = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-proto', 'x-real-ip'];
const ofCertificates = ['client-cert', 'client-cert-chain'];

/** Proxies: what others than the proxies that are believed say of a client is taken away before anybody reads it. */
export class Proxies {
  /** For Fastify: whose `x-forwarded-…` count, where any do. */
  readonly trust: false | ((address: string) => boolean);
  readonly #certificates: ClientCertificates;

  constructor({ TRUSTED_PROXIES: trusted = [], CLIENT_CERT_PROXIES: speaking }: ProxySettings = {}) {
    const networks = new Networks(trusted);
    this.trust = trusted.length > 0 && ((address) => networks.has(address));
    this.#certificates = new ClientCertificates(speaking);
  }

  clean({ headers, socket }: IncomingMessage): void {
    if (!this.trust || !this.trust(socket.remoteAddress ?? '')) remove(headers, ofAddresses);
    if (!this.#certificates.speaksForClients(socket)) remove(headers, ofCertificates);
  }
}

function remove(headers: IncomingMessage['headers'], names: readonly string[]): void {
  for (const name of names) if (name in headers) delete headers[name];
}
