import type { Caller, RequestContext } from '@facet/context';
import { MessageType, type Message as StoredMessage } from '@facet/contracts/messages';
import { Answer } from '@facet/edge';
import { answered } from '@facet/errors';
import type { ContentLinks } from '../attachment/content-links.js';
import { toAttachment } from '../attachment/to-attachment.js';
import type { Downstream } from '../downstream.js';
import type { PagedList } from '../paging/paged-list.js';
import type { RoomParams } from '../room/room.view.js';
import type { Message, MessageChange, MessageParams, NewMessage } from './message.view.js';

/** Everything that was said in a room, tombstones included. */
export async function listMessages(
  { messages }: Downstream,
  links: ContentLinks,
  { roomId }: RoomParams,
  list: PagedList,
  context: RequestContext,
) {
  const request = { of: { $case: 'roomId', value: roomId }, pageSize: list.limit, after: list.after, ascending: list.ascending } as const;
  const { messages: found, more } = await messages.listMessages(request, context);
  const page = found.map((message) => toMessage(message, links, context.caller));
  return list.page(page, more, found.at(-1)?.id);
}

export async function getMessage(
  { messages }: Downstream,
  links: ContentLinks,
  { roomId, messageId }: MessageParams,
  context: RequestContext,
): Promise<Message> {
  const { message } = await messages.getMessage({ messageId, roomId }, context);
  return toMessage(answered(message, 'messages'), links, context.caller);
}

/** Says something: 201, or 200 where the client id had said it before. */
export async function createMessage(
  { messages }: Downstream,
  links: ContentLinks,
  { roomId, ...said }: RoomParams & NewMessage,
  context: RequestContext,
): Promise<Answer<Message>> {
  const { message, created } = await messages.sendMessage({ roomId, ...said }, context);
  const body = toMessage(answered(message, 'messages'), links, context.caller);
  return new Answer(body, { status: created ? 201 : 200, headers: { location: body.links.self } });
}

export async function updateMessage(
  { messages }: Downstream,
  links: ContentLinks,
  change: MessageParams & MessageChange,
  context: RequestContext,
): Promise<Message> {
  const { message } = await messages.editMessage(change, context);
  return toMessage(answered(message, 'messages'), links, context.caller);
}

/** A tombstone takes its place. */
export async function deleteMessage(
  { messages }: Downstream,
  { roomId, messageId }: MessageParams,
  context: RequestContext,
): Promise<void> {
  await messages.deleteMessage({ messageId, roomId }, context);
}

const types = new Map<MessageType, Message['type']>([
  [MessageType.MESSAGE_TYPE_TEXT, 'text'],
  [MessageType.MESSAGE_TYPE_SYSTEM, 'system'],
]);

function toMessage({ id, roomId, authorId, content, ...message }: StoredMessage, links: ContentLinks, caller: Caller): Message {
  const room = `/api/v1/rooms/${roomId}`;
  return {
    id,
    roomId,
    authorId,
    content,
    type: answered(types.get(message.type), 'messages'),
    replyTo: message.replyTo ?? null,
    reactions: message.reactions.map(({ emoji, count, mine }) => ({ emoji, count, mine })),
    attachments: message.attachments.map((attachment) => toAttachment(attachment, links, caller)),
    createdAt: answered(message.createdAt, 'messages'),
    updatedAt: answered(message.updatedAt, 'messages'),
    deletedAt: message.deletedAt ?? null,
    links: { self: `${room}/messages/${id}`, room, author: `/api/v1/users/${authorId}` },
  };
}
