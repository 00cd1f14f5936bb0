import { deriveInternalKey, newPartnerKey } from '@facet/auth';
import { generateKeyPairSync, randomBytes, type JsonWebKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivately } from './private-file.js';

interface Stored {
  readonly rootKeys: Record<string, string>;
  readonly databasePasswords: Record<string, string>;
  readonly partnerSecret: string;
  readonly partnerKey: string;
  readonly encryptionKeys: Record<string, string>;
  readonly clientKeys: Record<string, string>;
}

/** The secrets of one installation, made at the first start and kept in `.facet/secrets.json`, readable by its owner alone. */
export class Secrets {
  private constructor(
    private readonly path: string,
    private readonly stored: Stored,
  ) {}

  static in(home: string): Secrets {
    const path = join(home, 'secrets.json');
    const known = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Partial<Stored>) : {};
    const fresh = { rootKeys: {}, databasePasswords: {}, encryptionKeys: {}, clientKeys: {}, partnerSecret: random() };
    const stored = { ...fresh, partnerKey: newPartnerKey('test'), ...known };
    const secrets = new Secrets(path, stored);
    secrets.save();
    return secrets;
  }

  get partnerSecret(): string {
    return this.stored.partnerSecret;
  }

  /** The API key of the demo partner. */
  get partnerKey(): string {
    return this.stored.partnerKey;
  }

  /** The root key of an application: of an issuer of internal tokens (a BFF or the importer), or of the identity provider. */
  rootKey(app: string): string {
    return this.of(this.stored.rootKeys, app);
  }

  /** The key that this issuer and this service share, and nobody else. */
  internalKey(issuer: string, service: string): string {
    return Buffer.from(deriveInternalKey(Buffer.from(this.rootKey(issuer), 'base64url'), service)).toString('base64url');
  }

  /** The keys with which an application seals what rests in its database, by version. */
  encryptionKeys(app: string): Record<string, string> {
    return { 1: this.of(this.stored.encryptionKeys, app) };
  }

  /** The key, a private JWK, by which an application proves to the issuer that it is this client. */
  clientKey(client: string): JsonWebKey {
    return JSON.parse(this.of(this.stored.clientKeys, client, newClientKey)) as JsonWebKey;
  }

  databasePassword(role: string): string {
    return this.of(this.stored.databasePasswords, role);
  }

  private of(group: Record<string, string>, name: string, make = random): string {
    if (!group[name]) {
      group[name] = make();
      this.save();
    }
    return group[name];
  }

  private save(): void {
    writePrivately(this.path, this.stored);
  }
}

function random(): string {
  return randomBytes(32).toString('base64url');
}

function newClientKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: randomBytes(8).toString('hex'), alg: 'ES256', use: 'sig' });
}
