import { gather, optional, required } from '@facet/aggregation';
import type { RequestContext } from '@facet/context';
import { NotificationType, type Notification } from '@facet/contracts/notifications';
import { RoomOrder, RoomType, type Room } from '@facet/contracts/rooms';
import type { User } from '@facet/contracts/users';
import type { Downstream } from './downstream.js';
import type { Home } from './home.view.js';

/** The synthetic home: four calls at once, one answer. Everything in it is about the person of this id. */
export async function getHome({ users, rooms, notifications, presence }: Downstream, userId: string, context: RequestContext) {
  const digits = userId.slice(-12);

  const { found, joined, news, online } = await gather(context, {
    found: required((within) => users.getUser({ userId }, within)),
    joined: required((within) => rooms.listRooms({ memberId: userId, order: RoomOrder.ROOM_ORDER_LAST_ACTIVITY, pageSize: 10 }, within)),
    news: optional((within) => notifications.listNotifications({ pageSize: 10, after: `01930000-0000-7000-8000-${digits}` }, within)),
    online: optional((within) => presence.countOnline({ roomId: `01920000-0000-7000-8000-${digits}` }, within)),
  });

  return {
    user: toUser(found.user!),
    rooms: joined.rooms.map(toRoom),
    notifications: news?.notifications.map(toNotification) ?? null,
    online: online?.count ?? null,
    degraded: context.degraded(),
  } satisfies Home;
}

function toUser({ id, username, name, about, avatarUrl, createdAt }: User): Home['user'] {
  return { id, username, name, about: about ?? null, avatarUrl: avatarUrl ?? null, createdAt: createdAt! };
}

function toRoom({ id, name, type, topic, memberCount, lastActivityAt }: Room): Home['rooms'][number] {
  return { id, name, type: kindOf(type), topic: topic ?? null, members: memberCount, lastActivityAt: lastActivityAt! };
}

function kindOf(type: RoomType): Home['rooms'][number]['type'] {
  if (type === RoomType.ROOM_TYPE_PUBLIC) return 'public';
  return type === RoomType.ROOM_TYPE_PRIVATE ? 'private' : 'direct';
}

function toNotification({ id, type, roomId, messageId, text, createdAt, read }: Notification) {
  const kind = type === NotificationType.NOTIFICATION_TYPE_MENTION ? ('mention' as const) : ('reply' as const);
  return { id, type: kind, roomId, messageId, text, at: createdAt!, read };
}
