import { MessageDeleted, MessagePosted } from '@facet/contracts/messages';
import { RoomDeleted } from '@facet/contracts/rooms';
import { on } from '@facet/events';
import { removeAttachments } from '../files/remove-attachments.js';
import { deleteOfMessage, deleteOfRoom, isDeletedRoom, markPosted } from '../store/attachments.js';
import type { Tx } from '../store/tables.js';

/** From now on they are for whoever reads the message. Messages and rooms are topics of their own: where the room's end was heard of first, they go with it. */
export const messagePosted = on(MessagePosted, async ({ messageId, roomId, authorId, attachmentIds, postedAt }, tx: Tx, { time }) => {
  if (attachmentIds.length === 0) return;
  await markPosted(tx, { ids: attachmentIds, messageId, roomId, authorId }).execute();
  if (await isDeletedRoom(tx, roomId)) await removeOfRoom(tx, roomId, postedAt ?? time);
});

export const messageDeleted = on(MessageDeleted, async ({ messageId, deletedAt }, tx: Tx, { time }) => {
  const removed = await deleteOfMessage(tx, messageId).execute();
  await removeAttachments(tx, removed, deletedAt ?? time);
});

/** Nobody sees them any more. */
export const roomDeleted = on(RoomDeleted, async ({ roomId, deletedAt }, tx: Tx, { time }) => {
  await removeOfRoom(tx, roomId, deletedAt ?? time);
});

async function removeOfRoom(tx: Tx, roomId: string, at: Date): Promise<void> {
  const removed = await deleteOfRoom(tx, roomId).execute();
  await removeAttachments(tx, removed, at);
}
