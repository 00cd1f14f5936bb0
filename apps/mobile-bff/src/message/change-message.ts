import type { RequestContext } from '@facet/context';
import { answered } from '@facet/errors';
import type { Downstream } from '../downstream.js';
import { findSurroundings } from './find-surroundings.js';
import type { MessageEdit, MessagePath, WholeMessage } from './message.view.js';
import { toMessage } from './to-message.js';

/** The text is another from now on. Names may be missing from the answer. */
export async function editMessage(
  downstream: Downstream,
  { roomId, messageId, text }: MessagePath & MessageEdit,
  context: RequestContext,
): Promise<WholeMessage> {
  const edited = await downstream.messages.editMessage({ messageId, roomId, content: text }, context);
  const message = answered(edited.message, 'messages');

  const around = await findSurroundings(downstream, [message], context.atMost(400));
  return { ...toMessage(message, around), degraded: context.degraded() };
}

/** A tombstone takes its place. */
export async function deleteMessage({ messages }: Downstream, { roomId, messageId }: MessagePath, context: RequestContext): Promise<void> {
  await messages.deleteMessage({ messageId, roomId }, context);
}
