import { emoji, text, uuid } from '@facet/edge';
import { z } from 'zod';

export const MessageParams = z.object({ roomId: uuid, messageId: uuid });
export type MessageParams = z.infer<typeof MessageParams>;

export const ReactionParams = MessageParams.extend({ emoji });
export type ReactionParams = z.infer<typeof ReactionParams>;

/** Names are null where nobody knows them, or `users` is degraded; what a message answers is null where `messages` is. */
export const Message = z.object({
  id: z.uuid(),
  by: z.object({ id: z.uuid(), name: z.string().nullable(), avatarUrl: z.string().nullable() }),
  text: z.string(),
  truncated: z.literal(true).optional().meta({ description: 'Present where the text was cut; the message itself has it whole.' }),
  replyTo: z.object({ id: z.uuid(), by: z.string().nullable(), text: z.string().nullable() }).optional(),
  reactions: z.array(z.object({ emoji: z.string(), count: z.int(), mine: z.boolean() })),
  at: z.date(),
  edited: z.boolean(),
  deleted: z.boolean(),
});
export type Message = z.infer<typeof Message>;

export const WholeMessage = Message.omit({ truncated: true }).extend({ degraded: z.array(z.string()) });
export type WholeMessage = z.infer<typeof WholeMessage>;

export const NewMessage = z.object({ text: text(1, 4_000), replyTo: uuid.optional(), clientId: uuid });
export type NewMessage = z.infer<typeof NewMessage>;

export const MessageChange = z.object({ text: text(1, 4_000) });
export type MessageChange = z.infer<typeof MessageChange>;
