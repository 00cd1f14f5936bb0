import { text, uuid } from '@facet/edge';
import { z } from 'zod';

/** AttachmentPath: which attachment a path is about. */
export const AttachmentPath = z.object({ attachmentId: uuid });
export type AttachmentPath = z.infer<typeof AttachmentPath>;

/** ThumbnailPath: which small picture of it. */
export const ThumbnailPath = AttachmentPath.extend({ width: z.string().regex(/^[1-9]\d{0,4}$/, 'must be a width in pixels') });
export type ThumbnailPath = z.infer<typeof ThumbnailPath>;

/** attachmentFields: what every client is told of a file; each API adds its own ways to the bytes. */
export const attachmentFields = {
  id: z.uuid(),
  name: z.string(),
  type: z.string().meta({ description: 'Media type, told from the bytes.' }),
  size: z.int().meta({ description: 'In bytes.' }),
};

const words = text(0, 4_000).meta({ description: 'May be empty where there are attachments.' });
const attachmentIds = z
  .array(uuid)
  .max(10, 'must be at most 10')
  .default([])
  .meta({ description: 'Files that you have uploaded and not posted yet, in the order in which they are shown.' });

/** DraftFields: the text of a new message, by the name that the API has for it, and its files. */
export type DraftFields<Words extends string> = { readonly [Name in Words]: typeof words } & {
  readonly attachmentIds: typeof attachmentIds;
};

/** withAttachments: the schema of a new message: these fields, a text of up to 4,000 characters by this name, and up to ten files; one or the other must be there. */
export function withAttachments<const Words extends string, Fields extends z.ZodRawShape>(name: Words, fields: Fields) {
  const draft = z.object({ [name]: words, ...fields, attachmentIds } as DraftFields<Words> & Fields);
  return draft.refine((draft) => says(draft, name), {
    path: [name],
    message: 'must have 1 to 4000 characters, or there must be attachments',
  });
}

function says(draft: object, name: string): boolean {
  const { [name]: said, attachmentIds } = draft as Readonly<Record<string, unknown>>;
  return said !== '' || (attachmentIds as readonly unknown[]).length > 0;
}
