import { refuseEarly } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { EditMessageResponse } from '@facet/contracts/messages';
import type { Clock } from '../clock.js';
import type { Db } from '../store/tables.js';
import { changeMessage } from './change-message.js';
import { findMessage } from './find-messages.js';
import type { EditMessage } from './requests.js';
import { toWireMessage } from './to-message.js';

export async function editMessage(db: Db, clock: Clock, request: EditMessage, context: RequestContext): Promise<EditMessageResponse> {
  const { caller } = context;
  refuseEarly(caller, 'message:edit');
  await findMessage(db, { caller, request }, { rule: 'message:edit' }, context);

  const { message, mine } = await changeMessage(db, clock, request.messageId, { type: 'edit', content: request.content }, context);

  return { message: toWireMessage(message, mine) };
}
