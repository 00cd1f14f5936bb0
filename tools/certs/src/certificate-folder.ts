import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pair } from './authority.js';

/** Whom the applications run as in their containers, where root made the files. */
const containerUser = 1_000;

/** authorityName: under which the authority lies beside those for whom it vouches. No container gets to see it. */
export const authorityName = 'authority';

/** TlsFiles: the settings by which an application finds its certificate. */
export interface TlsFiles {
  readonly TLS_CERT_FILE: string;
  readonly TLS_KEY_FILE: string;
  readonly TLS_CA_FILE: string;
}

/** tlsFilesIn: where the certificate of an application lies, under the names that Kubernetes gives such files. */
export function tlsFilesIn(folder: string, name: string): TlsFiles {
  const at = (file: string) => join(folder, name, file);
  return { TLS_CERT_FILE: at('tls.crt'), TLS_KEY_FILE: at('tls.key'), TLS_CA_FILE: at('ca.crt') };
}

/** readPair: the certificate of that name and its key, if there are any. */
export function readPair(folder: string, name: string): Pair | undefined {
  const { TLS_CERT_FILE: cert, TLS_KEY_FILE: key } = tlsFilesIn(folder, name);
  return existsSync(cert) && existsSync(key) ? { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') } : undefined;
}

/** writePair: a certificate, its key and whom it believes, each file whole or not at all, for its owner alone. */
export function writePair(folder: string, name: string, { cert, key }: Pair, ca: string): void {
  const own = join(folder, name);
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const giveAway = name === authorityName ? () => undefined : giveToContainer;
  giveAway(own);
  const { TLS_CERT_FILE, TLS_KEY_FILE, TLS_CA_FILE } = tlsFilesIn(folder, name);
  for (const [path, text] of [
    [TLS_CA_FILE, ca],
    [TLS_KEY_FILE, key],
    [TLS_CERT_FILE, cert],
  ] as const) {
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, text, { mode: 0o600 });
    chmodSync(draft, 0o600);
    giveAway(draft);
    renameSync(draft, path);
  }
}

function giveToContainer(path: string): void {
  if (process.getuid?.() === 0) chownSync(path, containerUser, containerUser);
}
