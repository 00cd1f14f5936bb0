import type { RequestContext } from '@facet/context';
import { Answer } from '@facet/edge';
import { answered } from '@facet/errors';
import type { Downstream } from '../downstream.js';
import type { RoomPath } from '../room/room.view.js';
import { findSurroundings } from './find-surroundings.js';
import type { MessageDraft, WholeMessage } from './message.view.js';
import { toMessage } from './to-message.js';

/** Says something. It is said once for each client id, however often it is sent; once it is said, missing names are no failure. */
export async function postMessage(
  downstream: Downstream,
  { roomId, text, replyTo, clientId, attachmentIds }: RoomPath & MessageDraft,
  context: RequestContext,
) {
  const posted = await downstream.messages.sendMessage({ roomId, content: text, replyTo, clientId, attachmentIds }, context);
  const message = answered(posted.message, 'messages');

  const around = await findSurroundings(downstream, [message], context.atMost(400));

  const body: WholeMessage = { ...toMessage(message, around), degraded: context.degraded() };
  return new Answer(body, { status: posted.created ? 201 : 200, headers: { location: `/v1/rooms/${roomId}/messages/${message.id}` } });
}
