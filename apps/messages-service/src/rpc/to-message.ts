import { MessageType, type Message as WireMessage } from '@facet/contracts/messages';
import type { Message } from '../message.js';

/** A message as somebody sees it who has reacted by `mine`. */
export function toWireMessage(message: Message, mine: readonly string[]): WireMessage {
  return {
    id: message.id,
    roomId: message.roomId,
    authorId: message.authorId,
    type: message.type === 'system' ? MessageType.MESSAGE_TYPE_SYSTEM : MessageType.MESSAGE_TYPE_TEXT,
    content: message.content,
    replyTo: message.replyTo,
    reactions: message.reactions.map(({ emoji, count }) => ({ emoji, count, mine: mine.includes(emoji) })),
    attachments: message.attachments as WireMessage['attachments'],
    createdAt: message.createdAt,
    updatedAt: message.updatedAt,
    deletedAt: message.deletedAt,
    edited: message.edited,
  };
}
