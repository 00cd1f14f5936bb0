import { after, gather, optional, required } from '@facet/aggregation';
import type { RequestContext } from '@facet/context';
import type { Cursors } from '@facet/edge';
import type { Downstream } from '../downstream.js';
import { findPeople } from '../profile/find-people.js';
import type { Feed, FeedQuery, SeenUpTo } from './notification.view.js';
import { toNotification } from './to-notification.js';

/** What one should look at, newest first. Who wrote it may be missing. */
export async function getFeed(
  downstream: Downstream,
  cursors: Cursors,
  { before, limit }: FeedQuery,
  context: RequestContext,
): Promise<Feed> {
  const list = `notifications ${context.caller.subject}`;
  const seen = before && cursors.open(before, list);

  const found = required((within) => downstream.notifications.listNotifications({ pageSize: limit, after: seen }, within));
  const people = optional(after(found, ({ notifications }, within) => findPeople(downstream, authorsOf(notifications), within)));

  const feed = await gather(context.atMost(800), { found, people });
  const { notifications, more } = feed.found;
  const last = notifications.at(-1);
  return {
    notifications: notifications.map((one) => ({
      ...toNotification(one),
      by: feed.people?.get(one.authorId)?.name ?? null,
      read: one.read,
    })),
    next: more && last ? cursors.seal(last.id, list) : null,
    degraded: context.degraded(),
  };
}

function authorsOf(notifications: readonly { readonly authorId: string }[]): string[] {
  return notifications.map(({ authorId }) => authorId);
}

/** Moving back is no error and no move. */
export async function markSeen({ notifications }: Downstream, { upTo }: SeenUpTo, context: RequestContext): Promise<void> {
  await notifications.markNotificationsRead({ upTo }, context);
}
