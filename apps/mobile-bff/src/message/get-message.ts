import { after, gather, required } from '@facet/aggregation';
import type { RequestContext } from '@facet/context';
import { answered } from '@facet/errors';
import type { Downstream } from '../downstream.js';
import { findSurroundings } from './find-surroundings.js';
import type { MessagePath, WholeMessage } from './message.view.js';
import { toMessage } from './to-message.js';

/** One message, nothing cut. In another room than the path says there is no such message. */
export async function getMessage(
  downstream: Downstream,
  { roomId, messageId }: MessagePath,
  context: RequestContext,
): Promise<WholeMessage> {
  const message = required(async (within) =>
    answered((await downstream.messages.getMessage({ messageId, roomId }, within)).message, 'messages'),
  );
  const around = required(after(message, (message, within) => findSurroundings(downstream, [message], within)));

  const screen = await gather(context.atMost(800), { message, around });
  return { ...toMessage(screen.message, screen.around), degraded: context.degraded() };
}
