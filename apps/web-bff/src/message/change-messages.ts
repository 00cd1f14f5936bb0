import type { RequestContext } from '@facet/context';
import type { Message, Reaction } from '@facet/contracts/messages';
import { emoji, text, uuid } from '@facet/edge';
import { answered } from '@facet/errors';
import { z } from 'zod';
import type { Downstream } from '../downstream.js';

type Clients = Pick<Downstream, 'messages'>;

const content = text(1, 4_000);
const optionalId = uuid.nullish().transform((id) => id ?? undefined);

const attachmentIds = z
  .array(uuid)
  .max(10, 'must be at most 10')
  .nullish()
  .transform((ids) => ids ?? []);

const NewMessage = z
  .object({ roomId: uuid, content: text(0, 4_000), replyTo: optionalId, clientId: optionalId, attachmentIds })
  .refine(({ content, attachmentIds }) => content !== '' || attachmentIds.length > 0, {
    path: ['content'],
    message: 'must have 1 to 4000 characters, or there must be attachments',
  });
type NewMessage = z.output<typeof NewMessage>;

export const SendMessageArguments = z.object({ input: NewMessage });
export const EditMessageArguments = z.object({ id: uuid, content });
export const ReactionArguments = z.object({ messageId: uuid, emoji });

type Edit = z.output<typeof EditMessageArguments>;
type ReactionOf = z.output<typeof ReactionArguments>;

export async function sendMessage({ messages }: Clients, input: NewMessage, context: RequestContext): Promise<Message> {
  const { message } = await messages.sendMessage(input, context);
  return answered(message, 'messages');
}

export async function editMessage({ messages }: Clients, { id, content }: Edit, context: RequestContext): Promise<Message> {
  const { message } = await messages.editMessage({ messageId: id, content }, context);
  return answered(message, 'messages');
}

export async function deleteMessage({ messages }: Clients, messageId: string, context: RequestContext): Promise<true> {
  await messages.deleteMessage({ messageId }, context);
  return true;
}

export async function addReaction({ messages }: Clients, reaction: ReactionOf, context: RequestContext): Promise<Reaction> {
  const response = await messages.addReaction(reaction, context);
  return answered(response.reaction, 'messages');
}

export async function removeReaction({ messages }: Clients, reaction: ReactionOf, context: RequestContext): Promise<boolean> {
  const { removed } = await messages.removeReaction(reaction, context);
  return removed;
}
