import { createHmac, hkdfSync } from 'node:crypto';

const windowMs = 300_000;
/** How far the clocks of replicas may be apart. */
const skewMs = 5_000;

/**
 * DpopNonces: the nonces that proofs must have (RFC 9449, section 8), so that none can be made in advance. One is the same for everybody for five minutes
 * and accepted for ten: HMAC-SHA256 over the number of its five minutes, by a key that is derived (HKDF) from the given root key. Nothing is kept, and all
 * replicas agree.
 */
export class DpopNonces {
  readonly #key: Uint8Array;
  readonly #made = new Map<number, string>();

  constructor(
    rootKey: Uint8Array,
    private readonly now: () => number = Date.now,
  ) {
    this.#key = new Uint8Array(hkdfSync('sha256', rootKey, '', 'facet dpop nonces v1', 32));
  }

  /** The one to be used from now on. */
  current(): string {
    return this.#of(this.now());
  }

  /** Whether it is the one of now, of the window before, or of a replica whose clock is a little ahead. */
  accepts(nonce: string): boolean {
    const now = this.now();
    return [now, now - windowMs, now + skewMs].some((time) => this.#of(time) === nonce);
  }

  #of(time: number): string {
    const window = Math.floor(time / windowMs);
    let nonce = this.#made.get(window);
    if (nonce === undefined) {
      if (this.#made.size >= 3) this.#made.clear();
      nonce = createHmac('sha256', this.#key).update(String(window)).digest('base64url').slice(0, 22);
      this.#made.set(window, nonce);
    }
    return nonce;
  }
}
