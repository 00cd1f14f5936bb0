import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** What rests in the database: who reads it needs the key of this version from the configuration. */
export interface Sealed {
  readonly sealed: Buffer;
  readonly key_version: number;
}

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const wrappedBytes = nonceBytes + keyBytes + tagBytes;

/**
 * Envelope encryption with AES-256-GCM: each value has a random key of its own, which a key from the configuration wraps. `about` names the row that the
 * value belongs to; in another row it does not open. New values are sealed with the highest version.
 */
export class Vault {
  readonly version: number;
  readonly #keys: ReadonlyMap<number, Buffer>;

  constructor(keys: Readonly<Record<string, Uint8Array>>) {
    this.#keys = new Map(Object.entries(keys).map(([version, key]) => [Number(version), derivedKey(key, 'envelope')]));
    this.version = Math.max(...this.#keys.keys());
  }

  seal(plain: string, about: string): Sealed {
    const dataKey = randomBytes(keyBytes);
    const wrapped = encrypt(this.#keys.get(this.version)!, dataKey, about);
    return { sealed: Buffer.concat([wrapped, encrypt(dataKey, Buffer.from(plain), about)]), key_version: this.version };
  }

  /** Throws where the value was changed, belongs to another row, or was sealed with a key that the configuration has no more. */
  open({ sealed, key_version }: Sealed, about: string): string {
    const key = this.#keys.get(key_version);
    if (!key) throw new Error(`ENCRYPTION_KEYS has no version ${key_version}, with which ${about.split(':')[0]} is sealed`);
    const dataKey = decrypt(key, sealed.subarray(0, wrappedBytes), about);
    return decrypt(dataKey, sealed.subarray(wrappedBytes), about).toString();
  }
}

/** A key for one purpose (HKDF, RFC 5869): who knows it knows nothing of the root nor of the others. */
export function derivedKey(root: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', root, 'facet identity-provider', purpose, keyBytes));
}

function encrypt(key: Buffer, plain: Buffer, about: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes }).setAAD(Buffer.from(about));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, box: Buffer, about: string): Buffer {
  const nonce = box.subarray(0, nonceBytes);
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes }).setAAD(Buffer.from(about));
  decipher.setAuthTag(box.subarray(-tagBytes));
  return Buffer.concat([decipher.update(box.subarray(nonceBytes, -tagBytes)), decipher.final()]);
}
