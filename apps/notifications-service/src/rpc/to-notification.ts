import { NotificationType, type Notification } from '@facet/contracts/notifications';
import type { Reason } from '../recipients.js';
import type { FeedRow } from '../store/notifications.js';

const typeOf = {
  mention: NotificationType.NOTIFICATION_TYPE_MENTION,
  reply: NotificationType.NOTIFICATION_TYPE_REPLY,
} as const satisfies Record<Reason, NotificationType>;

export function toNotification(row: FeedRow): Notification {
  return {
    id: row.id,
    type: typeOf[row.type],
    roomId: row.room_id,
    messageId: row.message_id,
    authorId: row.author_id,
    text: row.text,
    createdAt: row.created_at,
    read: row.seen,
  };
}

export function toReason(type: NotificationType): Reason {
  return type === NotificationType.NOTIFICATION_TYPE_REPLY ? 'reply' : 'mention';
}
