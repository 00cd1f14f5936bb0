export { isLoopback } from './loopback.js';
export { openCertificate, type OwnCertificate, type TlsReport, type TlsSettings } from './tls-certificate.js';
export { watchFiles } from './watch-files.js';
export { identityIn, identityUri, isIdentity } from './tls-identity.js';
export { guardConnections, Peers, type PeersOptions } from './tls-peers.js';
