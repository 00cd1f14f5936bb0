import type { RequestContext } from '@facet/context';
import type { ListMessagesRequest, Message } from '@facet/contracts/messages';
import type { Downstream } from '../downstream.js';
import { pageOf, type Page } from '../graphql/connection.js';
import type { Sources } from '../graphql/sources.js';

/** Messages of a room, or of an author, newest first. */
export function listMessages(
  { downstream, cursors }: Sources,
  of: NonNullable<ListMessagesRequest['of']>,
  page: Page,
  context: RequestContext,
) {
  return pageOf<Message>({ cursors, list: `messages of ${of.$case} ${of.value}` }, page, async (request) => {
    const response = await downstream.messages.listMessages({ of, ...request }, context);
    return { nodes: response.messages, more: response.more };
  });
}

export async function getLastMessage({ messages }: Pick<Downstream, 'messages'>, roomId: string, context: RequestContext) {
  const response = await messages.listMessages({ of: { $case: 'roomId', value: roomId }, pageSize: 1 }, context);
  return response.messages[0];
}
