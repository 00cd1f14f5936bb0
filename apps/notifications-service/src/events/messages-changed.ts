import { MessageDeleted, MessageEdited, MessagesImported } from '@facet/contracts/messages';
import { on } from '@facet/events';
import { excerptOf } from '../excerpt.js';
import { changeText, deleteNotifications } from '../store/notifications.js';
import type { Tx } from '../store/tables.js';
import { insertKnownMessages, stopCounting } from '../store/unread.js';

/** Who was notified sees the new text. Nobody is notified by an edit. */
export const messageEdited = on(MessageEdited, async ({ messageId, content }, tx: Tx) => {
  await changeText(tx, messageId, excerptOf(content)).execute();
});

export const messageDeleted = on(MessageDeleted, async ({ roomId, messageId }, tx: Tx) => {
  await stopCounting(tx, roomId, messageId).execute();
  await deleteNotifications(tx, messageId).execute();
});

/** History can be read up to, whether or not it counts. It moves nobody's marker. */
export const messagesImported = on(MessagesImported, async ({ roomId, messages, unread }, tx: Tx) => {
  const known = messages.map(({ messageId, authorId }) => ({
    room_id: roomId,
    message_id: messageId,
    author_id: authorId,
    counts: unread,
  }));
  await insertKnownMessages(tx, known);
});
