import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * AES-256-GCM with the keys of the configuration. `about` says what the value is and whose: as something else it does not open. New values are sealed with
 * the highest version, which stands in front; what was sealed with one that is no longer there is as good as absent.
 */
export class Seal {
  readonly #keys: ReadonlyMap<number, Uint8Array>;
  readonly #version: number;

  constructor(keys: Readonly<Record<string, Uint8Array>>) {
    this.#keys = new Map(Object.entries(keys).map(([version, key]) => [Number(version), key.subarray(0, 32)]));
    this.#version = Math.max(...this.#keys.keys());
  }

  seal(value: unknown, about: string): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.#keys.get(this.#version)!, nonce, { authTagLength: tagBytes }).setAAD(Buffer.from(about));
    const body = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]);
    return Buffer.concat([Buffer.from([this.#version]), nonce, body, cipher.getAuthTag()]);
  }

  /** Nothing where the value was changed, is about something else, or is no value of ours. */
  open(sealed: Uint8Array, about: string): unknown {
    const key = this.#keys.get(sealed[0] ?? 0);
    if (!key || sealed.length < 1 + nonceBytes + tagBytes) return undefined;
    const decipher = createDecipheriv(algorithm, key, sealed.subarray(1, 1 + nonceBytes), { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(about)).setAuthTag(sealed.subarray(-tagBytes));
    try {
      const plain = Buffer.concat([decipher.update(sealed.subarray(1 + nonceBytes, -tagBytes)), decipher.final()]);
      return JSON.parse(plain.toString());
    } catch {
      return undefined;
    }
  }
}
