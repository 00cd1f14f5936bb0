import { NotificationType, type Notification as StoredNotification } from '@facet/contracts/notifications';
import { answered } from '@facet/errors';
import type { Notification } from './notification.view.js';

const types: Partial<Record<NotificationType, Notification['type']>> = {
  [NotificationType.NOTIFICATION_TYPE_MENTION]: 'mention',
  [NotificationType.NOTIFICATION_TYPE_REPLY]: 'reply',
};

export function toNotification({ id, type, text, roomId, messageId, createdAt }: StoredNotification): Notification {
  return { id, type: answered(types[type], 'notifications'), text, roomId, messageId, at: answered(createdAt, 'notifications') };
}
