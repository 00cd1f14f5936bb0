import { isLoopback } from './loopback.js';
import type { AppToServe } from './server-kind.js';
import { StartFailure } from './start-failure.js';
import { openCertificate, type OwnCertificate } from './tls-certificate.js';
import { Peers } from './tls-peers.js';

/** ServiceTls: how a service is served by mutual TLS: its own certificate, and who may be on the other end. */
export interface ServiceTls {
  readonly certificate: OwnCertificate;
  readonly peers: Peers;
}

/** serviceTls: mutual TLS for a service whose settings name a certificate. Without one it is served on loopback alone: a StartFailure elsewhere. */
export function serviceTls({ name, host, tls = {}, logger }: AppToServe, issuers: readonly string[]): ServiceTls | undefined {
  const certificate = openCertificate(name, tls, (level, line) => logger[level]({}, line));
  if (certificate) return { certificate, peers: new Peers({ name, issuers, logger }) };
  if (isLoopback(host)) return undefined;
  throw new StartFailure(`HOST is ${host}, which is not loopback: set TLS_CERT_FILE, TLS_KEY_FILE and TLS_CA_FILE.`);
}
