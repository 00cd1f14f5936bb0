import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { ProblemError } from '@facet/errors';

const macBytes = 16;

/**
 * Cursors: opaque, unforgeable places in a list. A cursor carries the id of the last thing seen and is bound to a scope (which list, whose), so that
 * one list's cursor opens no other. HMAC-SHA256 cut to 128 bits, its key derived (HKDF) from the given root key of at least 32 bytes.
 */
export class Cursors {
  private readonly key: Uint8Array;

  constructor(rootKey: Uint8Array) {
    this.key = new Uint8Array(hkdfSync('sha256', rootKey, '', 'facet cursors v1', 32));
  }

  /** The cursor behind the thing with this id. */
  seal(id: string, scope: string): string {
    return Buffer.concat([this.mac(id, scope), Buffer.from(id)]).toString('base64url');
  }

  /** The id that was sealed, else ProblemError `invalid-request`: forged, cut, or of another list. */
  open(cursor: string, scope: string): string {
    const bytes = Buffer.from(cursor, 'base64url');
    const id = bytes.toString('utf8', macBytes);
    const genuine =
      bytes.length > macBytes &&
      bytes.toString('base64url') === cursor &&
      timingSafeEqual(bytes.subarray(0, macBytes), this.mac(id, scope));
    if (genuine) return id;
    throw new ProblemError('invalid-request', { detail: 'The cursor is not one of this list. Begin without a cursor.' });
  }

  private mac(id: string, scope: string): Buffer {
    return createHmac('sha256', this.key).update(`${scope.length}:${scope}${id}`).digest().subarray(0, macBytes);
  }
}
