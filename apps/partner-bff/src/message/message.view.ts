import { withAttachments } from '@facet/attachments';
import { text, uuid } from '@facet/edge';
import { z } from 'zod';
import { Attachment } from '../attachment/attachment.view.js';

export const MessageParams = z.object({ roomId: uuid, messageId: uuid });
export type MessageParams = z.infer<typeof MessageParams>;

const Reaction = z.object({ emoji: z.string(), count: z.int(), mine: z.boolean() });

export const Message = z.object({
  id: z.uuid(),
  roomId: z.uuid(),
  authorId: z.uuid(),
  content: z.string().meta({ description: 'Empty once deleted.' }),
  type: z.enum(['text', 'system']),
  replyTo: z.uuid().nullable().meta({ description: 'The message that this one answers.' }),
  reactions: z.array(Reaction),
  attachments: z.array(Attachment).meta({ description: 'None once deleted.' }),
  createdAt: z.date(),
  updatedAt: z.date(),
  deletedAt: z.date().nullable(),
  links: z.object({ self: z.string(), room: z.string(), author: z.string() }),
});
export type Message = z.infer<typeof Message>;

export const NewMessage = withAttachments('content', {
  replyTo: uuid.optional(),
  clientId: uuid.optional().meta({ description: 'Of your making: sent again, it is the same message and no new one.' }),
});
export type NewMessage = z.infer<typeof NewMessage>;

export const MessageChange = z.object({ content: text(1, 4_000) });
export type MessageChange = z.infer<typeof MessageChange>;
