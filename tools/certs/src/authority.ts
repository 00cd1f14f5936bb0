import 'reflect-metadata';
import { createPrivateKey, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509Certificate as Certificate,
  X509CertificateGenerator,
  type JsonGeneralName,
} from '@peculiar/x509';

// Keys are Node's, whose types are not those that the library names, but fit (`as never`).
const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const signing = { name: 'ECDSA', hash: 'SHA-256' } as const;
/** The clocks of two machines differ. */
const slackMs = 300_000;

/** Pair: a certificate and its key, in PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** CertificateOptions: what a certificate says of whom it names. */
export interface CertificateOptions {
  /** Its one URI; `spiffe://facet/` and the name unless told. */
  readonly uri?: string;
  /** Names and addresses of hosts, beside localhost and the name itself. */
  readonly hosts?: readonly string[];
  /** From now on; a negative one is over already. */
  readonly lifetimeMs: number;
}

/** Authority: signs the certificates of applications, for development: its key lies in a file beside them. */
export class Authority {
  private constructor(
    readonly pair: Pair,
    private readonly issuer: string,
    private readonly key: webcrypto.CryptoKey,
  ) {}

  static async create(lifetimeMs: number): Promise<Authority> {
    const keys = await webcrypto.subtle.generateKey(curve, true, ['sign', 'verify']);
    const certificate = await X509CertificateGenerator.createSelfSigned({
      ...times(lifetimeMs),
      name: `CN=Facet development ${randomBytes(4).toString('hex')}`,
      serialNumber: serial(),
      keys: keys as never,
      signingAlgorithm: signing,
      extensions: [new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true)],
    });
    return new Authority({ cert: pemOf(certificate), key: await keyPem(keys.privateKey) }, certificate.subject, keys.privateKey);
  }

  static async of(pair: Pair): Promise<Authority> {
    const bytes = createPrivateKey(pair.key).export({ format: 'der', type: 'pkcs8' });
    const key = await webcrypto.subtle.importKey('pkcs8', new Uint8Array(bytes), curve, false, ['sign']);
    return new Authority(pair, new Certificate(pair.cert).subject, key);
  }

  /** A certificate for whoever is to be known by that name, as client and as server. */
  async issue(name: string, { uri = `spiffe://facet/${name}`, hosts = [], lifetimeMs }: CertificateOptions): Promise<Pair> {
    const keys = await webcrypto.subtle.generateKey(curve, true, ['sign', 'verify']);
    const names: JsonGeneralName[] = [
      { type: 'url', value: uri },
      { type: 'ip', value: '127.0.0.1' },
      ...['localhost', name, ...hosts].map((value) => ({ type: 'dns' as const, value })),
    ];
    const certificate = await X509CertificateGenerator.create({
      ...times(lifetimeMs),
      subject: `CN=${name}`,
      issuer: this.issuer,
      serialNumber: serial(),
      publicKey: keys.publicKey as never,
      signingKey: this.key as never,
      signingAlgorithm: signing,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth, ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(names),
      ],
    });
    return { cert: pemOf(certificate), key: await keyPem(keys.privateKey) };
  }

  /** Whether it signed that certificate, which has not come to its last third yet. */
  vouchesFor(cert: string): boolean {
    const leaf = new X509Certificate(cert);
    const [from, until] = [Date.parse(leaf.validFrom), Date.parse(leaf.validTo)];
    return leaf.verify(new X509Certificate(this.pair.cert).publicKey) && Date.now() < until - (until - from) / 3;
  }
}

function times(lifetimeMs: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - slackMs + Math.min(0, lifetimeMs)), notAfter: new Date(now + lifetimeMs) };
}

/** Positive, 127 bits. */
function serial(): string {
  const bytes = randomBytes(16);
  bytes[0]! &= 0x7f;
  return bytes.toString('hex');
}

function pemOf(certificate: Certificate): string {
  return `${certificate.toString('pem')}\n`;
}

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' }).toString();
}
