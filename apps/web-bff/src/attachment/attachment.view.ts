import { attachmentFields } from '@facet/attachments';
import { z } from 'zod';

/** As the schema's Attachment. */
export const Attachment = z.object({
  ...attachmentFields,
  width: z.int().nullable(),
  height: z.int().nullable(),
  url: z.string(),
  thumbnails: z.array(z.object({ width: z.int(), url: z.string() })),
});
export type Attachment = z.infer<typeof Attachment>;

export const Uploaded = z.object({ attachments: z.array(Attachment) });
export type Uploaded = z.infer<typeof Uploaded>;
