import { authorize, sightOf } from '@facet/auth';
import type { ListNotificationsResponse } from '@facet/contracts/notifications';
import { within } from '@facet/database';
import { answerAllowed, type BatchContext, type BatchItem } from '@facet/service-kit';
import type { ProblemError } from '@facet/errors';
import { selectFeeds, type FeedPage, type FeedRow } from '../store/notifications.js';
import type { Db } from '../store/tables.js';
import type { ListNotifications } from './requests.js';
import { toNotification } from './to-notification.js';

type Item = BatchItem<ListNotifications>;
type Outcome = ListNotificationsResponse | ProblemError;

export async function listNotifications(db: Db, items: readonly Item[], context: BatchContext): Promise<Outcome[]> {
  return await answerAllowed(
    items,
    ({ caller }) => authorize(caller, 'notification:list'),
    async (allowed) => {
      const pages = await readFeeds(db, allowed.map(toPage), context);
      return allowed.map(({ request }, at) => toResponse(request, pages[at] ?? []));
    },
  );
}

/** Rows of each page, by position. */
async function readFeeds(db: Db, pages: readonly FeedPage[], context: BatchContext): Promise<FeedRow[][]> {
  const { rows } = await selectFeeds(pages).execute(db, within(context));
  const byPage = Map.groupBy(rows, ({ page }) => page);
  return pages.map((_, at) => byPage.get(at) ?? []);
}

function toPage({ caller, request: { after, pageSize } }: Item): FeedPage {
  return { userId: caller.subject, after, size: pageSize, sight: sightOf(caller) };
}

function toResponse({ pageSize }: ListNotifications, rows: readonly FeedRow[]): ListNotificationsResponse {
  return { notifications: rows.slice(0, pageSize).map(toNotification), more: rows.length > pageSize };
}
