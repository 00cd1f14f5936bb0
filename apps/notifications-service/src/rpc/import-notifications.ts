import { authorize } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { ImportNotificationsResponse } from '@facet/contracts/notifications';
import { within } from '@facet/database';
import { excerptOf } from '../excerpt.js';
import { insertNotifications } from '../store/notifications.js';
import type { Db, NotificationRow, ReadMarkerRow } from '../store/tables.js';
import { insertReadMarkers } from '../store/unread.js';
import type { ImportedNotification, ImportNotifications } from './requests.js';
import { toReason } from './to-notification.js';

export async function importNotifications(
  db: Db,
  { markers, notifications }: ImportNotifications,
  context: RequestContext,
): Promise<ImportNotificationsResponse> {
  authorize(context.caller, 'import');

  return await db.transaction().execute(async (tx) => {
    await insertReadMarkers(markers.map(toMarker)).execute(tx, within(context));
    const { rows } = await insertNotifications(notifications.map(toRow)).execute(tx, within(context));
    return { created: rows.length };
  });
}

function toMarker({ userId, roomId, messageId }: ImportNotifications['markers'][number]): ReadMarkerRow {
  return { user_id: userId, room_id: roomId, message_id: messageId };
}

function toRow({ userId, notification }: ImportedNotification): NotificationRow {
  return {
    id: notification.id,
    user_id: userId,
    type: toReason(notification.type),
    room_id: notification.roomId,
    message_id: notification.messageId,
    author_id: notification.authorId,
    text: excerptOf(notification.text),
    created_at: notification.createdAt,
  };
}
