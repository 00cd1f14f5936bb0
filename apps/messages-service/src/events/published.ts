import { MessageDeleted, MessageEdited, MessagePosted, MessagesImported, ReactionAdded, ReactionRemoved } from '@facet/contracts/messages';
import { event, type OutgoingEvent } from '@facet/events';
import type { Message, MessageEvent } from '../message.js';

export function messagePosted(message: Message, replyToAuthorId: string | undefined): OutgoingEvent {
  const { id: messageId, roomId, authorId, content, replyTo, createdAt: postedAt } = message;
  const attachmentIds = message.attachments.map(({ id }) => id);
  return event(MessagePosted, { key: roomId }, { messageId, roomId, authorId, content, replyTo, replyToAuthorId, postedAt, attachmentIds });
}

/** What others are told about a change of a message that they know. */
export function messageChanged(message: Message, change: MessageEvent): OutgoingEvent {
  const { id: messageId, roomId, authorId } = message;
  const key = { key: roomId };
  switch (change.type) {
    case 'edited':
      return event(MessageEdited, key, { messageId, roomId, authorId, content: change.content, editedAt: change.at });
    case 'deleted':
      return event(MessageDeleted, key, { messageId, roomId, authorId, deletedAt: change.at });
    case 'reaction-added':
      return event(ReactionAdded, key, { messageId, roomId, userId: change.userId, emoji: change.emoji, addedAt: change.at });
    case 'reaction-removed':
      return event(ReactionRemoved, key, { messageId, roomId, userId: change.userId, emoji: change.emoji, removedAt: change.at });
    case 'attachment-removed':
      throw new TypeError('Of an attachment that is gone media-service has told.');
    case 'posted':
    case 'imported':
      throw new TypeError('A message begins once.');
  }
}

/** One event a room, and one for each message that was a tombstone from the start. */
export function messagesImported(messages: readonly Message[], unread: boolean): OutgoingEvent[] {
  const deleted = messages.flatMap((message) =>
    message.deletedAt ? [messageChanged(message, { type: 'deleted', at: message.deletedAt, userId: message.authorId })] : [],
  );
  const imported = [...Map.groupBy(messages, ({ roomId }) => roomId)].map(([roomId, imported]) =>
    event(
      MessagesImported,
      { key: roomId },
      { roomId, unread, messages: imported.map(({ id, authorId, createdAt }) => ({ messageId: id, authorId, postedAt: createdAt })) },
    ),
  );
  return [...imported, ...deleted];
}
