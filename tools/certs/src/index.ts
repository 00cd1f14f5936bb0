export { Authority, type CertificateOptions, type Pair } from './authority.js';
export { Certificates, readFiles, type IssueOptions } from './certificates.js';
export { tlsFilesIn, writePair, type TlsFiles } from './certificate-folder.js';
export { makeCertificates, type CertificatesWanted } from './make-certificates.js';
