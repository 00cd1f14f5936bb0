import type { RequestContext } from '@facet/context';
import type { Downstream } from '../downstream.js';
import type { ReactionPath } from './message.view.js';

/** Reacting the same way again changes nothing. */
export async function addReaction(
  { messages }: Downstream,
  { roomId, messageId, emoji }: ReactionPath,
  context: RequestContext,
): Promise<void> {
  await messages.addReaction({ messageId, roomId, emoji }, context);
}

/** Taking back what is not there changes nothing. */
export async function removeReaction(
  { messages }: Downstream,
  { roomId, messageId, emoji }: ReactionPath,
  context: RequestContext,
): Promise<void> {
  await messages.removeReaction({ messageId, roomId, emoji }, context);
}
