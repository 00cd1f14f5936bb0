import type { RequestContext } from '@facet/context';
import type { Notification } from '@facet/contracts/notifications';
import { pageOf, type Page } from '../graphql/connection.js';
import type { Sources } from '../graphql/sources.js';

export function listNotifications({ downstream: { notifications }, cursors }: Sources, page: Page, context: RequestContext) {
  return pageOf<Notification>({ cursors, list: `notifications of ${context.caller.subject}` }, page, async (request) => {
    const response = await notifications.listNotifications(request, context);
    return { nodes: response.notifications, more: response.more };
  });
}
