import { authorize } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { HttpAnswer } from '@facet/service-kit/http';
import { noSuchAttachment } from '../attachment-policy.js';
import type { Media } from '../media.js';
import { answerBytes, type RequestHeaders } from './answer-bytes.js';
import { contentDisposition } from './content-disposition.js';
import { findOneVisible } from './find-visible.js';
import type { OneAttachment, OneThumbnail } from './requests.js';

export async function getContent(
  { db, files }: Media,
  { id }: OneAttachment,
  headers: RequestHeaders,
  context: RequestContext,
): Promise<HttpAnswer> {
  authorize(context.caller, 'message:read');
  const { name, type, hash } = await findOneVisible(db, id, context);
  return await answerBytes(
    {
      type: type === 'text/plain' ? 'text/plain; charset=utf-8' : type,
      disposition: contentDisposition(name, type.startsWith('image/')),
      tag: `"${hash}"`,
      open: () => files.read(id),
    },
    headers,
  );
}

export async function getThumbnail(
  { db, files }: Media,
  { id, width }: OneThumbnail,
  headers: RequestHeaders,
  context: RequestContext,
): Promise<HttpAnswer> {
  authorize(context.caller, 'message:read');
  const { name, hash, thumbnails } = await findOneVisible(db, id, context);
  if (!thumbnails.includes(width)) throw noSuchAttachment();
  return await answerBytes(
    {
      type: 'image/webp',
      disposition: contentDisposition(`${name}.webp`, true),
      tag: `"${hash}-${width}"`,
      open: () => files.read(id, width),
    },
    headers,
  );
}
