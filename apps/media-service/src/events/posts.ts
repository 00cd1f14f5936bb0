import { MessageDeleted, MessagePosted } from '@facet/contracts/messages';
import { RoomDeleted } from '@facet/contracts/rooms';
import { on } from '@facet/events';
import { removeAttachments } from '../files/remove-attachments.js';
import { deleteOfMessage, deleteOfRoom, markPosted } from '../store/attachments.js';
import type { Tx } from '../store/tables.js';

/** From now on they are for whoever reads the message. */
export const messagePosted = on(MessagePosted, async ({ messageId, roomId, authorId, attachmentIds }, tx: Tx) => {
  if (attachmentIds.length > 0) await markPosted(tx, { ids: attachmentIds, messageId, roomId, authorId }).execute();
});

export const messageDeleted = on(MessageDeleted, async ({ messageId, deletedAt }, tx: Tx, { time }) => {
  const removed = await deleteOfMessage(tx, messageId).execute();
  await removeAttachments(tx, removed, deletedAt ?? time);
});

/** Nobody sees them any more. */
export const roomDeleted = on(RoomDeleted, async ({ roomId, deletedAt }, tx: Tx, { time }) => {
  const removed = await deleteOfRoom(tx, roomId).execute();
  await removeAttachments(tx, removed, deletedAt ?? time);
});
