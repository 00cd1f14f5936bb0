import { authorize, refuseEarly } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { MarkRoomReadResponse } from '@facet/contracts/notifications';
import { within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { eventually } from '@facet/events';
import { awaitAccess } from '@facet/memberships';
import type { Db } from '../store/tables.js';
import { moveReadMarker, selectKnownMessage } from '../store/unread.js';
import type { MarkRoomRead } from './requests.js';

export async function markRoomRead(db: Db, { roomId, messageId }: MarkRoomRead, context: RequestContext): Promise<MarkRoomReadResponse> {
  const { caller } = context;
  refuseEarly(caller, 'room:mark-read');
  const [room] = await awaitAccess(db, [{ roomId, caller }], context);
  authorize(caller, 'room:mark-read', { room });

  const known = await eventually(() => selectKnownMessage(db, roomId, messageId).executeTakeFirst(within(context)), context);
  if (!known) throw new ProblemError('not-found', { detail: 'There is no such message.' });

  await moveReadMarker(db, { user_id: caller.subject, room_id: roomId, message_id: messageId }).execute(within(context));
  return {};
}
