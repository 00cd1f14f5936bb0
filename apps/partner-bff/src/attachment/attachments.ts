import { uploadAttachments, type AttachmentPath } from '@facet/attachments';
import type { RequestContext } from '@facet/context';
import { Answer, type Upload } from '@facet/edge';
import { answered } from '@facet/errors';
import type { Downstream } from '../downstream.js';
import type { Uploaded, WholeAttachment } from './attachment.view.js';
import type { ContentLinks } from './content-links.js';
import { toWholeAttachment } from './to-attachment.js';

/** New files, the caller's alone until they are posted with a message. They go through as they come. */
export async function createAttachments(
  { media }: Downstream,
  links: ContentLinks,
  upload: Upload,
  context: RequestContext,
): Promise<Answer<Uploaded>> {
  const files = await uploadAttachments(media, upload, context);
  const data = files.map((attachment) => toWholeAttachment(attachment, links, context.caller));
  const [first] = data;
  return new Answer({ data }, first && data.length === 1 ? { headers: { location: first.links.self } } : {});
}

export async function getAttachment(
  { media }: Downstream,
  links: ContentLinks,
  { attachmentId }: AttachmentPath,
  context: RequestContext,
): Promise<WholeAttachment> {
  const { attachment } = await media.getAttachment({ id: attachmentId }, context);
  return toWholeAttachment(answered(attachment, 'media'), links, context.caller);
}

/** Takes back what was not posted yet. */
export async function deleteAttachment({ media }: Downstream, { attachmentId }: AttachmentPath, context: RequestContext): Promise<void> {
  await media.deleteAttachment({ id: attachmentId }, context);
}
