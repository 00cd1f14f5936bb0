import { authorize } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { DeleteMessageResponse } from '@facet/contracts/messages';
import type { Clock } from '../clock.js';
import { requireDeletable } from '../message-policy.js';
import type { Db } from '../store/tables.js';
import { changeMessage } from './change-message.js';
import { findMessage } from './find-messages.js';
import type { DeleteMessage } from './requests.js';

export async function deleteMessage(db: Db, clock: Clock, request: DeleteMessage, context: RequestContext): Promise<DeleteMessageResponse> {
  const { caller } = context;
  authorize(caller, 'message:delete');
  const { message, room } = await findMessage(db, { caller, request }, context);
  requireDeletable(message, room, caller, clock.now());

  await changeMessage(db, clock, request.messageId, { type: 'delete', userId: caller.subject }, context);

  return {};
}
