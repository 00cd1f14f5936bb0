import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { newCaller } from '@facet/auth';
import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import { z } from 'zod';

const lifetimeMs = 300_000;
/** Links that are asked for within so long are the same, and with them the ETag of what they are in. */
const stepMs = 60_000;
const cipher = 'aes-256-ctr';
const tagBytes = 16;

const Sealed = z.object({
  sub: z.string(),
  kind: z.enum(['user', 'bot']),
  client: z.string(),
  scopes: z.array(z.string()),
  roles: z.array(z.string()),
  /** What the caller came with: a link ends with it. */
  session: z.string().optional(),
  key: z.string().optional(),
  issuedAt: z.number().optional(),
  exp: z.number(),
});

/**
 * Links to the bytes of an attachment that open without a token, for four to five minutes: a capability of this attachment, sealed and unreadable, that says for
 * whom it was made, so that the service decides again for that caller. The tag is an HMAC-SHA256, cut to 128 bits, over attachment and content, and the starting
 * point of the cipher (a synthetic initialisation vector, as in RFC 5297): equal links seal to equal texts, different ones share nothing.
 */
export class ContentLinks {
  readonly #macKey: Buffer;
  readonly #cipherKey: Buffer;

  constructor(
    rootKey: Uint8Array,
    private readonly now: () => number = Date.now,
  ) {
    const keys = Buffer.from(hkdfSync('sha256', rootKey, '', 'facet content links v1', 64));
    this.#macKey = keys.subarray(0, 32);
    this.#cipherKey = keys.subarray(32);
  }

  /** The path at which the caller, or whoever the caller gives it to, finds the bytes. */
  make(attachmentId: string, { subject: sub, kind, client, scopes, roles, session, key, issuedAt }: Caller): string {
    const exp = Math.floor(this.now() / stepMs) * stepMs + lifetimeMs;
    const read = scopes.filter((scope) => scope === 'read:messages');
    const content = Buffer.from(JSON.stringify({ sub, kind, client, scopes: read, roles, session, key, issuedAt, exp }));
    const tag = this.#tag(attachmentId, content);
    const encryption = createCipheriv(cipher, this.#cipherKey, tag);
    const sealed = Buffer.concat([tag, encryption.update(content), encryption.final()]).toString('base64url');
    return `/api/v1/attachments/${attachmentId}/content?capability=${sealed}`;
  }

  /** For whom the capability of this attachment was made, able to read messages if he was, and no more; else ProblemError `unauthenticated`: changed, of another one, or over. */
  open(attachmentId: string, capability: string): Caller {
    const bytes = Buffer.from(capability, 'base64url');
    const tag = bytes.subarray(0, tagBytes);
    if (bytes.length <= tagBytes || bytes.toString('base64url') !== capability) throw refused('is not one of ours');
    const decryption = createDecipheriv(cipher, this.#cipherKey, tag);
    const content = Buffer.concat([decryption.update(bytes.subarray(tagBytes)), decryption.final()]);
    if (!timingSafeEqual(tag, this.#tag(attachmentId, content))) throw refused('is not one of ours');
    const { sub: subject, exp, kind, client, scopes, roles, session, key, issuedAt } = Sealed.parse(JSON.parse(content.toString()));
    if (exp <= this.now()) throw refused('has expired');
    return newCaller({
      ...{ subject, kind, client, scopes, roles },
      ...(session !== undefined && { session }),
      ...(key !== undefined && { key }),
      ...(issuedAt !== undefined && { issuedAt }),
    });
  }

  #tag(attachmentId: string, content: Buffer): Buffer {
    return createHmac('sha256', this.#macKey)
      .update(`${attachmentId.length}:${attachmentId}`)
      .update(content)
      .digest()
      .subarray(0, tagBytes);
  }
}

function refused(why: string): ProblemError {
  const detail = `The link ${why}. Ask for the message or the attachment again, it comes with another.`;
  return new ProblemError('unauthenticated', { detail, headers: { 'www-authenticate': 'Bearer realm="facet"' } });
}
