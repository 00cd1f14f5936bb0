import type { RequestContext } from '@facet/context';
import type { Message } from '@facet/contracts/messages';
import { answered } from '@facet/errors';
import type { Downstream } from '../downstream.js';

/** The message with this id, in this room. */
export async function getMessage(
  { messages }: Pick<Downstream, 'messages'>,
  place: { readonly messageId: string; readonly roomId: string },
  context: RequestContext,
): Promise<Message> {
  const { message } = await messages.getMessage(place, context);
  return answered(message, 'messages');
}
