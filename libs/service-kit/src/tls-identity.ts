import type { PeerCertificate } from 'node:tls';

const authority = 'spiffe://facet/';
const uri = /^URI:spiffe:\/\/facet\/([a-z][a-z0-9-]{0,62})$/;

/** identityUri: an application as its certificate names it, by a SPIFFE ID: `spiffe://facet/rooms-service`. */
export function identityUri(name: string): string {
  return authority + name;
}

/**
 * identityIn: the application that a certificate names: the one URI among its names (SPIFFE X.509-SVID, section 2). Undefined where there is none,
 * several, or names that had to be quoted, and so may be made to look like others. Who signed the certificate was checked before.
 */
export function identityIn(subjectAltName: string | undefined): string | undefined {
  if (subjectAltName === undefined || subjectAltName.includes('"')) return undefined;
  const [only, ...others] = subjectAltName.split(', ').filter((name) => name.startsWith('URI:'));
  return others.length === 0 ? uri.exec(only ?? '')?.[1] : undefined;
}

/** isIdentity: for `checkServerIdentity` of a TLS client: whoever answers is this application, at whatever address. */
export function isIdentity(expected: string): (host: string, certificate: Pick<PeerCertificate, 'subjectaltname'>) => Error | undefined {
  return (_host, { subjectaltname }) => {
    const found = identityIn(subjectaltname);
    if (found === expected) return undefined;
    return new Error(`${found ?? 'Somebody without a name of ours'} answers instead of ${expected}`);
  };
}
