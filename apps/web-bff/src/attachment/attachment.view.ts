import { uuid } from '@facet/edge';
import { z } from 'zod';

export const AttachmentPath = z.object({ attachmentId: uuid });
export type AttachmentPath = z.infer<typeof AttachmentPath>;

export const ThumbnailPath = AttachmentPath.extend({ width: z.string().regex(/^\d{1,5}$/, 'must be a whole number') });
export type ThumbnailPath = z.infer<typeof ThumbnailPath>;

/** As the schema's Attachment. */
export const Attachment = z.object({
  id: z.uuid(),
  name: z.string(),
  type: z.string(),
  size: z.int(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  url: z.string(),
  thumbnails: z.array(z.object({ width: z.int(), url: z.string() })),
});
export type Attachment = z.infer<typeof Attachment>;

export const Uploaded = z.object({ attachments: z.array(Attachment) });
export type Uploaded = z.infer<typeof Uploaded>;
