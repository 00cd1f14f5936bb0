import { id, pageSize, text } from '@facet/service-kit';
import { NotificationType } from '@facet/contracts/notifications';
import { z } from 'zod';

export const ListNotifications = z.object({ pageSize: pageSize(20, 100), after: id.optional() });
export type ListNotifications = z.infer<typeof ListNotifications>;

export const CountUnread = z.object({ roomId: id.optional(), userId: id.optional() });
export type CountUnread = z.infer<typeof CountUnread>;

export const MarkRoomRead = z.object({ roomId: id, messageId: id });
export type MarkRoomRead = z.infer<typeof MarkRoomRead>;

export const MarkNotificationsRead = z.object({ upTo: id });
export type MarkNotificationsRead = z.infer<typeof MarkNotificationsRead>;

const ImportedNotification = z.object({
  userId: id,
  notification: z.object({
    id,
    type: z.literal([NotificationType.NOTIFICATION_TYPE_MENTION, NotificationType.NOTIFICATION_TYPE_REPLY]),
    roomId: id,
    messageId: id,
    authorId: id,
    text: text(0, 4_000),
    createdAt: z.date('is missing'),
  }),
});
export type ImportedNotification = z.infer<typeof ImportedNotification>;

export const ImportNotifications = z.object({
  markers: z.array(MarkRoomRead.extend({ userId: id })).max(10_000, 'must be at most 10,000'),
  notifications: z.array(ImportedNotification).max(1_000, 'must be at most 1,000'),
});
export type ImportNotifications = z.infer<typeof ImportNotifications>;
