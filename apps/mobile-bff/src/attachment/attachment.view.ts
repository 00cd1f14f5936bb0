import { attachmentFields } from '@facet/attachments';
import { z } from 'zod';

/** The file itself is at `/v1/attachments/{id}/content`. */
export const Attachment = z.object({
  ...attachmentFields,
  thumbnailUrl: z.string().nullable().meta({ description: 'Null for what is no image.' }),
});
export type Attachment = z.infer<typeof Attachment>;

export const Uploaded = z.object({ attachments: z.array(Attachment) });
export type Uploaded = z.infer<typeof Uploaded>;
