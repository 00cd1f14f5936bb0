import { authorize, isAllowed, refuseEarly } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { SendMessageResponse } from '@facet/contracts/messages';
import { within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { publish } from '@facet/events';
import { awaitAccess, type RoomAccess } from '@facet/memberships';
import type { Clock } from '../clock.js';
import { messagePosted } from '../events/published.js';
import { idAfter } from '../message-id.js';
import { begin } from '../message.js';
import { markPosted } from '../store/attachments.js';
import {
  appendEvent,
  insertMessage,
  lockRoom,
  selectAuthorOf,
  selectByClientId,
  selectLastId,
  selectReactions,
  toMessage,
} from '../store/messages.js';
import type { Db, Tx } from '../store/tables.js';
import { awaitAttachments, holdAttachments } from './hold-attachments.js';
import type { SendMessage } from './requests.js';
import { toWireMessage } from './to-message.js';

export async function sendMessage(db: Db, clock: Clock, request: SendMessage, context: RequestContext): Promise<SendMessageResponse> {
  await authorizeSending(db, request.roomId, context);

  // Who sends again does not wait for those who post in the room just now.
  const known = await findPosted(db, request, context);
  if (known) return { message: known, created: false };

  const replyToAuthorId = await findAnswered(db, request, context);
  await awaitAttachments(db, request.attachmentIds, context);

  const posted = await db.transaction().execute(async (tx) => {
    await lockRoom(request.roomId).execute(tx, within(context));
    if (await isTaken(tx, request, context)) return undefined;
    return await post(tx, clock, { ...request, replyToAuthorId }, context);
  });
  if (posted) return { message: toWireMessage(posted, []), created: true };
  return { message: await findPosted(db, request, context), created: false };
}

async function authorizeSending(db: Db, roomId: string, context: RequestContext): Promise<void> {
  const { caller } = context;
  refuseEarly(caller, 'message:create');
  const admitted = (room: RoomAccess | undefined) => isAllowed(caller, 'message:create', { room });
  const [room] = await awaitAccess(db, [{ roomId, caller }], context, { admitted });
  authorize(caller, 'message:create', { room });
}

/** The author of the message that this one answers; it must be in the same room. */
async function findAnswered(db: Db, { roomId, replyTo }: SendMessage, context: RequestContext): Promise<string | undefined> {
  if (replyTo === undefined) return undefined;
  const answered = await selectAuthorOf(db, replyTo, roomId).executeTakeFirst(within(context));
  if (answered) return answered.author_id;
  throw new ProblemError('validation-failed', { errors: [{ pointer: '/replyTo', detail: 'must be a message of the same room' }] });
}

/** The new message, or nothing where the author's client made it before. */
async function post(tx: Tx, clock: Clock, request: SendMessage & { replyToAuthorId: string | undefined }, context: RequestContext) {
  const { roomId, content, replyTo, clientId, attachmentIds, replyToAuthorId } = request;
  const attachments = await holdAttachments(tx, attachmentIds, context);
  const last = await selectLastId(tx, roomId).executeTakeFirst(within(context));
  const event = {
    type: 'posted',
    at: clock.now(),
    message: {
      id: idAfter(last?.id),
      roomId,
      authorId: context.caller.subject,
      content,
      replyTo,
      ...(attachments.length > 0 && { attachments }),
    },
  } as const;
  const message = begin(event);

  const inserted = await insertMessage(tx, message, clientId).executeTakeFirst(within(context));
  if (!inserted) return undefined;
  if (attachmentIds.length > 0) await markPosted(tx, attachmentIds, message.id).execute(within(context));
  await appendEvent(tx, message, event).execute(within(context));
  await publish(tx, [messagePosted(message, replyToAuthorId)]);
  return message;
}

/** Who waited for the room may have waited for himself: his files were posted then, and his message is not refused for that. */
async function isTaken(tx: Tx, { clientId, attachmentIds }: SendMessage, context: RequestContext): Promise<boolean> {
  if (clientId === undefined || attachmentIds.length === 0) return false;
  const taken = await selectByClientId(tx, context.caller.subject, clientId).executeTakeFirst(within(context));
  return taken !== undefined;
}

/** What the author's client made with this id before. */
async function findPosted(db: Db, { roomId, clientId }: SendMessage, context: RequestContext) {
  if (clientId === undefined) return undefined;
  const { caller } = context;
  const row = await selectByClientId(db, caller.subject, clientId).executeTakeFirst(within(context));
  if (!row) return undefined;
  if (row.room_id !== roomId) throw new ProblemError('conflict', { detail: 'This client id made a message in another room.' });
  const reactions = await selectReactions(db, row.id, caller.subject).execute(within(context));
  return toWireMessage(
    toMessage(row),
    reactions.map(({ emoji }) => emoji),
  );
}
