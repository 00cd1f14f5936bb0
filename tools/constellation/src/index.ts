export { apps, detourPort, issuerUrl, type App } from './apps.js';
export { urlsOf } from './demo-world.js';
export { faultsFile, services } from './faults.js';
export { writePrivately } from './private-file.js';
export { Secrets } from './secrets.js';
export { tlsFilesOf, type TlsFiles } from './tls.js';
