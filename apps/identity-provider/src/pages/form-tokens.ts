import { createHmac, timingSafeEqual } from 'node:crypto';
import { derivedKey } from '../keys/vault.js';

/** Tokens in our forms: only a page that we made for this visit (an interaction or a session) holds one. */
export class FormTokens {
  readonly #key: Buffer;

  constructor(rootKey: Uint8Array) {
    this.#key = derivedKey(rootKey, 'form-tokens');
  }

  of(visit: string): string {
    return createHmac('sha256', this.#key).update(visit).digest('base64url');
  }

  fits(visit: string, token: string | undefined): boolean {
    const [expected, given] = [Buffer.from(this.of(visit)), Buffer.from(token ?? '')];
    return expected.length === given.length && timingSafeEqual(expected, given);
  }
}
