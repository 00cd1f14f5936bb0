import { gather, optional } from '@facet/aggregation';
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
  const after = before && cursors.open(before, list);
  const within = context.atMost(800);

  const { notifications: found, more } = await downstream.notifications.listNotifications({ pageSize: limit, after }, within);

  const { people } = await gather(within, {
    people: optional((within) =>
      findPeople(
        downstream,
        found.map(({ authorId }) => authorId),
        within,
      ),
    ),
  });

  const last = found.at(-1);
  return {
    notifications: found.map((one) => ({ ...toNotification(one), by: people?.get(one.authorId)?.name ?? null, read: one.read })),
    next: more && last ? cursors.seal(last.id, list) : null,
    degraded: within.degraded(),
  };
}

/** Moving back is no error and no move. */
export async function markSeen({ notifications }: Downstream, { upTo }: SeenUpTo, context: RequestContext): Promise<void> {
  await notifications.markNotificationsRead({ upTo }, context);
}
