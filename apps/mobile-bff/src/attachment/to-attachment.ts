import type { MessageAttachment } from '@facet/contracts/messages';
import type { Attachment } from './attachment.view.js';

const thumbnailWidth = 320;

/** A file as a phone shows it: with the smallest thumbnail that fills a bubble, or the widest that there is. */
export function toAttachment({ id, name, type, size, thumbnails }: MessageAttachment): Attachment {
  const width = thumbnails.find((width) => width >= thumbnailWidth) ?? thumbnails.at(-1);
  return { id, name, type, size, thumbnailUrl: width ? `/v1/attachments/${id}/thumbnails/${width}` : null };
}
