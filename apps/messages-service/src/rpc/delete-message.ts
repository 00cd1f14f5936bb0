import { refuseEarly } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { DeleteMessageResponse } from '@facet/contracts/messages';
import type { Clock } from '../clock.js';
import type { Db } from '../store/tables.js';
import { changeMessage } from './change-message.js';
import { findMessage } from './find-messages.js';
import type { DeleteMessage } from './requests.js';

export async function deleteMessage(db: Db, clock: Clock, request: DeleteMessage, context: RequestContext): Promise<DeleteMessageResponse> {
  const { caller } = context;
  refuseEarly(caller, 'message:delete');
  await findMessage(db, { caller, request }, { rule: 'message:delete', now: clock.now() }, context);

  await changeMessage(db, clock, request.messageId, { type: 'delete', userId: caller.subject }, context);

  return {};
}
