import { authorize } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { MarkNotificationsReadResponse } from '@facet/contracts/notifications';
import { within } from '@facet/database';
import { moveSeenMarker } from '../store/notifications.js';
import type { Db } from '../store/tables.js';
import type { MarkNotificationsRead } from './requests.js';

export async function markNotificationsRead(
  db: Db,
  { upTo }: MarkNotificationsRead,
  context: RequestContext,
): Promise<MarkNotificationsReadResponse> {
  authorize(context.caller, 'notification:mark-read');

  await moveSeenMarker(context.caller.subject, upTo).execute(db, within(context));

  return {};
}
