import type { Readable } from 'node:stream';
import type { RequestContext } from '@facet/context';
import { Answer, type BytesWanted } from '@facet/edge';
import type { AttachmentPath, ThumbnailPath } from './fields.js';
import type { Media } from './upload-attachments.js';

/** readContent: the file itself, for a handler of @ReturnsStream: as the client wants it, with what media-service says of it. */
export function readContent(media: Media, { attachmentId }: AttachmentPath, wanted: BytesWanted, context: RequestContext) {
  return pass(media, `/v1/attachments/${attachmentId}/content`, wanted, context);
}

/** readThumbnail: a small picture of an image, in the same way. */
export function readThumbnail(media: Media, { attachmentId, width }: ThumbnailPath, wanted: BytesWanted, context: RequestContext) {
  return pass(media, `/v1/attachments/${attachmentId}/thumbnails/${width}`, wanted, context);
}

async function pass(media: Media, path: string, wanted: BytesWanted, context: RequestContext): Promise<Answer<Readable>> {
  const { body, status, headers } = await media.exchange({ ...wanted, path, repeatable: true }, context);
  return new Answer(body, { status, headers });
}
