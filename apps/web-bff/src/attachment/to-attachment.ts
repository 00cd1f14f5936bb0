import type { MessageAttachment } from '@facet/contracts/messages';
import type { Attachment } from './attachment.view.js';

/** A file as a page shows it, with a path to every size of it. */
export function toAttachment({ id, name, type, size, width, height, thumbnails }: MessageAttachment): Attachment {
  const path = `/v1/attachments/${id}`;
  return {
    id,
    name,
    type,
    size,
    width: width ?? null,
    height: height ?? null,
    url: `${path}/content`,
    thumbnails: thumbnails.map((width) => ({ width, url: `${path}/thumbnails/${width}` })),
  };
}
