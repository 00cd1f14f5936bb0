import { constants, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { StartFailure } from './start-failure.js';
import { identityIn } from './tls-identity.js';
import { watchFiles } from './watch-files.js';

/** TlsSettings: the settings of `tlsSettings` (@facet/config). */
export interface TlsSettings {
  readonly TLS_CERT_FILE?: string | undefined;
  readonly TLS_KEY_FILE?: string | undefined;
  readonly TLS_CA_FILE?: string | undefined;
}

/** TlsReport: one line for who runs the process. */
export type TlsReport = (level: 'info' | 'warn', line: string) => void;

interface Files {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** Nothing before 1.3; and no tickets: each connection shows its certificate, which is looked at anew. */
const terms: SecureContextOptions = { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3', secureOptions: constants.SSL_OP_NO_TICKET };

/** Whoever has so little of his certificate's time left was not renewed. */
const lateShare = 0.1;

interface Loaded {
  readonly options: SecureContextOptions;
  readonly context: SecureContext;
  readonly from: number;
  readonly until: number;
}

/**
 * OwnCertificate: with what this process proves to our own applications who it is, and whom it believes. Its files are followed: what opens a connection after a change uses
 * the new ones. Files that do not fit together, as while they are being replaced, change nothing.
 */
export class OwnCertificate {
  readonly #followers = new Set<() => void>();
  readonly #stop: () => void;
  #loaded: Loaded;
  #warned: number | undefined;

  constructor(
    readonly name: string,
    private readonly files: Files,
    private readonly report: TlsReport,
  ) {
    this.#loaded = load(name, files);
    this.#stop = watchFiles(Object.values(files), () => this.#reload());
  }

  /** For servers: certificate, key, authorities, and TLS 1.3 alone. */
  get options(): SecureContextOptions {
    return this.#loaded.options;
  }

  /** The same for clients. */
  get context(): SecureContext {
    return this.#loaded.context;
  }

  /** Tells of each change until the returned function is called. */
  onChange(follow: () => void): () => void {
    this.#followers.add(follow);
    return () => void this.#followers.delete(follow);
  }

  close(): void {
    this.#stop();
    this.#followers.clear();
  }

  #reload(): void {
    try {
      const next = load(this.name, this.files);
      if (!isSame(next, this.#loaded)) this.#take(next);
    } catch (error) {
      this.report('warn', `The certificate of ${this.name} stays as it is: ${(error as Error).message}`);
    }
    this.#warn();
  }

  #take(next: Loaded): void {
    this.#loaded = next;
    for (const follow of this.#followers) follow();
    this.report('info', `${this.name} has a new certificate, until ${new Date(next.until).toISOString()}`);
  }

  #warn(): void {
    const { from, until } = this.#loaded;
    if (this.#warned === until || Date.now() < until - (until - from) * lateShare) return;
    this.#warned = until;
    this.report('warn', `The certificate of ${this.name} ends at ${new Date(until).toISOString()} and was not renewed`);
  }
}

/** openCertificate: the certificate of the application of that name; undefined where no files are named. A StartFailure where they are no use. */
export function openCertificate(name: string, settings: TlsSettings, report: TlsReport): OwnCertificate | undefined {
  const { TLS_CERT_FILE: cert, TLS_KEY_FILE: key, TLS_CA_FILE: ca } = settings;
  if (cert === undefined && key === undefined && ca === undefined) return undefined;
  if (cert === undefined || key === undefined || ca === undefined) {
    throw new StartFailure('TLS_CERT_FILE, TLS_KEY_FILE and TLS_CA_FILE belong together: set all of them, or none.');
  }
  try {
    return new OwnCertificate(name, { cert, key, ca }, report);
  } catch (error) {
    throw new StartFailure(`The certificate of ${name} is of no use: ${(error as Error).message}`);
  }
}

function load(name: string, files: Files): Loaded {
  const [cert, key, ca] = [files.cert, files.key, files.ca].map((path) => readFileSync(path)) as [Buffer, Buffer, Buffer];
  const leaf = new X509Certificate(cert);
  const identity = identityIn(leaf.subjectAltName);
  if (identity !== name) throw new Error(`${files.cert} is of ${identity ?? 'nobody'}`);
  if (!leaf.checkPrivateKey(createPrivateKey(key))) throw new Error(`${files.key} is not the key of ${files.cert}`);
  const [from, until] = [Date.parse(leaf.validFrom), Date.parse(leaf.validTo)];
  if (Date.now() >= until) throw new Error(`${files.cert} ended at ${new Date(until).toISOString()}`);
  new X509Certificate(ca);
  const options = { ...terms, cert, key, ca };
  return { options, context: createSecureContext(options), from, until };
}

function isSame({ options: one }: Loaded, { options: other }: Loaded): boolean {
  return (['cert', 'key', 'ca'] as const).every((part) => (one[part] as Buffer).equals(other[part] as Buffer));
}
