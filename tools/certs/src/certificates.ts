import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Authority, type CertificateOptions, type Pair } from './authority.js';
import { tlsFilesIn, writePair, type TlsFiles } from './certificate-folder.js';

const hourMs = 3_600_000;

/** IssueOptions: what is unusual about a certificate; who signed it, and whom its owner believes. */
export interface IssueOptions extends Partial<CertificateOptions> {
  readonly by?: Authority;
  /** PEM of one authority or several. */
  readonly ca?: string;
}

/** Certificates: those of a test, in a folder of their own. */
export class Certificates {
  readonly #folder = mkdtempSync(join(tmpdir(), 'facet-tls-'));

  private constructor(readonly authority: Authority) {}

  static async make(): Promise<Certificates> {
    return new Certificates(await Authority.create(24 * hourMs));
  }

  /** The files of an application, made, or replaced where there are any. */
  async of(name: string, { by = this.authority, ca = by.pair.cert, ...options }: IssueOptions = {}): Promise<TlsFiles> {
    writePair(this.#folder, name, await by.issue(name, { lifetimeMs: hourMs, ...options }), ca);
    return tlsFilesIn(this.#folder, name);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** readFiles: the content of such files, as TLS takes it. */
export function readFiles({ TLS_CERT_FILE, TLS_KEY_FILE, TLS_CA_FILE }: TlsFiles): Pair & { readonly ca: string } {
  const [cert, key, ca] = [TLS_CERT_FILE, TLS_KEY_FILE, TLS_CA_FILE].map((path) => readFileSync(path, 'utf8')) as [string, string, string];
  return { cert, key, ca };
}
