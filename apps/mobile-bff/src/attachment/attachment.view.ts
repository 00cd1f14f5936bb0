import { uuid } from '@facet/edge';
import { z } from 'zod';

export const AttachmentPath = z.object({ attachmentId: uuid });
export type AttachmentPath = z.infer<typeof AttachmentPath>;

export const ThumbnailPath = AttachmentPath.extend({ width: z.string().regex(/^\d{1,5}$/, 'must be a whole number') });
export type ThumbnailPath = z.infer<typeof ThumbnailPath>;

/** The file itself is at `/v1/attachments/{id}/content`. */
export const Attachment = z.object({
  id: z.uuid(),
  name: z.string(),
  type: z.string().meta({ description: 'Media type, told from the bytes.' }),
  size: z.int().meta({ description: 'In bytes.' }),
  thumbnailUrl: z.string().nullable().meta({ description: 'Null for what is no image.' }),
});
export type Attachment = z.infer<typeof Attachment>;

export const Uploaded = z.object({ attachments: z.array(Attachment) });
export type Uploaded = z.infer<typeof Uploaded>;

/** Ids of files that the caller has uploaded, for a message. */
export const attachmentIds = z.array(uuid).max(10, 'must be at most 10').default([]);
