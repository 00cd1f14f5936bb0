import type { Caller } from '@facet/context';
import type { Attachment as StoredAttachment } from '@facet/contracts/media';
import type { MessageAttachment } from '@facet/contracts/messages';
import { answered } from '@facet/errors';
import type { Attachment, WholeAttachment } from './attachment.view.js';
import type { ContentLinks } from './content-links.js';

/** A file as a message carries it, with a link to the bytes that is the caller's to give away. */
export function toAttachment({ id, name, type, size }: MessageAttachment, links: ContentLinks, caller: Caller): Attachment {
  return { id, name, type, size, links: { self: `/api/v1/attachments/${id}`, content: links.make(id, caller) } };
}

export function toWholeAttachment(stored: StoredAttachment, links: ContentLinks, caller: Caller): WholeAttachment {
  const { ownerId, width, height, createdAt } = stored;
  return {
    ...toAttachment(stored, links, caller),
    ownerId,
    width: width ?? null,
    height: height ?? null,
    createdAt: answered(createdAt, 'media'),
  };
}
