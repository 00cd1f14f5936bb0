import { attachmentFields } from '@facet/attachments';
import { z } from 'zod';

export const ContentQuery = z.object({
  capability: z.string().max(2_048).optional().meta({ description: 'From `links.content`, in place of a token.' }),
});

/** A file that came with a message. */
export const Attachment = z.object({
  ...attachmentFields,
  links: z.object({
    self: z.string(),
    content: z.string().meta({ description: 'The bytes, for four to five minutes and whoever has this link. Needs no token.' }),
  }),
});
export type Attachment = z.infer<typeof Attachment>;

/** A file with all that is known of it. */
export const WholeAttachment = Attachment.extend({
  ownerId: z.uuid().meta({ description: 'Who uploaded it.' }),
  width: z.int().nullable().meta({ description: 'Of an image, as it is shown, in pixels.' }),
  height: z.int().nullable(),
  createdAt: z.date(),
});
export type WholeAttachment = z.infer<typeof WholeAttachment>;

export const Uploaded = z.object({ data: z.array(WholeAttachment) });
export type Uploaded = z.infer<typeof Uploaded>;
