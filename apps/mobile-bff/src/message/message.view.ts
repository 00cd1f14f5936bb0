import { withAttachments } from '@facet/attachments';
import { emoji, text, uuid } from '@facet/edge';
import { z } from 'zod';
import { Attachment } from '../attachment/attachment.view.js';

export const MessagePath = z.object({ roomId: uuid, messageId: uuid });
export type MessagePath = z.infer<typeof MessagePath>;

export const ReactionPath = MessagePath.extend({ emoji });
export type ReactionPath = z.infer<typeof ReactionPath>;

/** Names are null where nobody knows them, or `users` is degraded; what a message answers is null where `messages` is. */
export const ListedMessage = z.object({
  id: z.uuid(),
  by: z.object({ id: z.uuid(), name: z.string().nullable(), avatarUrl: z.string().nullable() }),
  text: z.string(),
  truncated: z
    .literal(true)
    .optional()
    .meta({ description: 'Present where text or attachments were cut; the message itself has them whole.' }),
  replyTo: z.object({ id: z.uuid(), by: z.string().nullable(), text: z.string().nullable() }).optional(),
  reactions: z.array(z.object({ emoji: z.string(), count: z.int(), mine: z.boolean() })),
  attachments: z.array(Attachment),
  at: z.date(),
  edited: z.boolean(),
  deleted: z.boolean(),
});
export type ListedMessage = z.infer<typeof ListedMessage>;

export const WholeMessage = ListedMessage.omit({ truncated: true }).extend({ degraded: z.array(z.string()) });
export type WholeMessage = z.infer<typeof WholeMessage>;

export const MessageDraft = withAttachments('text', { replyTo: uuid.optional(), clientId: uuid });
export type MessageDraft = z.infer<typeof MessageDraft>;

export const MessageEdit = z.object({ text: text(1, 4_000) });
export type MessageEdit = z.infer<typeof MessageEdit>;
