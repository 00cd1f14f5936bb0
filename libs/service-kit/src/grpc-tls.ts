import type { Http2SecureServer, ServerHttp2Session } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { ServerCredentials, type Server } from '@grpc/grpc-js';
import type { RawCall } from './call-scope.js';
import { StartFailure } from './start-failure.js';
import type { OwnCertificate } from './tls-certificate.js';
import { guardConnections, type Peers } from './tls-peers.js';

/** MutualTls: credentials of a gRPC server that wants a certificate of whoever connects; connections that come after a change of its own see the new one. */
export class MutualTls extends ServerCredentials {
  constructor(certificate: OwnCertificate) {
    super({ requestCert: true, rejectUnauthorized: true }, certificate.options);
    certificate.onChange(() => this.updateSecureContextOptions(certificate.options));
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}

/** admitPeers: from now on connections of a gRPC server that listens are those of its peers. */
export function admitPeers(server: Server, peers: Peers): void {
  const { http2Servers } = server as unknown as { readonly http2Servers?: ReadonlyMap<Http2SecureServer, unknown> };
  if (!http2Servers?.size) throw new StartFailure('This version of @grpc/grpc-js does not show its connections.');
  for (const each of http2Servers.keys()) {
    guardConnections(each, peers);
    each.on('session', (session: ServerHttp2Session) => void peers.admit(session, session.socket as TLSSocket));
  }
}

/** sessionOf: the connection of a call. `getAuthContext` would read the certificate anew for each. */
export function sessionOf(call: RawCall): object | undefined {
  return (call as unknown as { readonly call?: { readonly stream?: { readonly session?: object } } }).call?.stream?.session;
}
