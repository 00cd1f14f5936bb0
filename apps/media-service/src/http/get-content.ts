import type { FileHandle } from 'node:fs/promises';
import { refuseEarly } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import { within } from '@facet/database';
import type { HttpAnswer } from '@facet/service-kit/http';
import { noSuchAttachment } from '../attachment-policy.js';
import type { Media } from '../media.js';
import { selectAttachments } from '../store/attachments.js';
import { answerBytes, type RequestHeaders } from './answer-bytes.js';
import { contentDisposition } from './content-disposition.js';
import { findOneVisible } from './find-visible.js';
import type { OneAttachment, OneThumbnail } from './requests.js';

export async function getContent(
  media: Media,
  { id }: OneAttachment,
  headers: RequestHeaders,
  context: RequestContext,
): Promise<HttpAnswer> {
  refuseEarly(context.caller, 'attachment:read');
  const { name, type, hash } = await findOneVisible(media.db, id, 'attachment:read', context);
  return await answerBytes(
    {
      type: type === 'text/plain' ? 'text/plain; charset=utf-8' : type,
      disposition: contentDisposition(name, type.startsWith('image/')),
      tag: `"${hash}"`,
      open: () => openFile(media, { id }, context),
    },
    headers,
  );
}

export async function getThumbnail(
  media: Media,
  { id, width }: OneThumbnail,
  headers: RequestHeaders,
  context: RequestContext,
): Promise<HttpAnswer> {
  refuseEarly(context.caller, 'attachment:read');
  const { name, hash, thumbnails } = await findOneVisible(media.db, id, 'attachment:read', context);
  if (!thumbnails.includes(width)) throw noSuchAttachment();
  return await answerBytes(
    {
      type: 'image/webp',
      disposition: contentDisposition(`${name}.webp`, true),
      tag: `"${hash}-${width}"`,
      open: () => openFile(media, { id, width }, context),
    },
    headers,
  );
}

/** A file that is not there belongs to an attachment that has gone since it was looked up. If it has not, a file is lost: that is for somebody to see. */
async function openFile(
  { db, files }: Media,
  { id, width }: OneAttachment & Partial<OneThumbnail>,
  context: RequestContext,
): Promise<FileHandle> {
  try {
    return await files.read(id, width);
  } catch (error) {
    const rows = await selectAttachments(db, [id]).execute(within(context));
    throw rows.length > 0 ? error : noSuchAttachment();
  }
}
