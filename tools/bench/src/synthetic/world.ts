import { MessageType, type Message } from '@facet/contracts/messages';
import { NotificationType, type Notification } from '@facet/contracts/notifications';
import { MemberRole, RoomType, type Room } from '@facet/contracts/rooms';
import type { User } from '@facet/contracts/users';
import { idOf } from './ids.js';

const at = new Date('2026-11-01T12:00:00.000Z');
const remark = 'Can somebody have a look at it?';

/** Everybody differs by their number alone, and all of them are equally large. */
export function userOf(number: number): User {
  return {
    id: idOf('user', number),
    username: 'ada.lindt',
    name: 'Ada Lindt',
    about: 'Looks after the release train and the plants.',
    avatarUrl: 'https://images.example/people/ada-lindt-256.webp',
    createdAt: at,
    updatedAt: at,
  };
}

export function roomOf(number: number, index: number): Room {
  return {
    id: idOf('room', number, index),
    name: `engineering-${10 + index}`,
    type: RoomType.ROOM_TYPE_PRIVATE,
    topic: 'Releases',
    createdBy: idOf('user', number),
    createdAt: at,
    updatedAt: at,
    memberCount: 10 + index,
    viewerRole: MemberRole.MEMBER_ROLE_MEMBER,
    directMemberIds: [],
    lastActivityAt: at,
  };
}

export function notificationOf(number: number, index: number): Notification {
  return {
    id: idOf('notification', number, index),
    type: NotificationType.NOTIFICATION_TYPE_MENTION,
    roomId: idOf('room', number, index),
    messageId: idOf('message', number, index),
    authorId: idOf('user', number),
    text: remark,
    createdAt: at,
    read: false,
  };
}

export function messageOf(number: number): Message {
  return {
    id: idOf('message', number),
    roomId: idOf('room', number),
    authorId: idOf('user', number),
    type: MessageType.MESSAGE_TYPE_TEXT,
    content: remark,
    reactions: [],
    attachments: [],
    createdAt: at,
    updatedAt: at,
    deletedAt: undefined,
    edited: false,
  };
}

/** How many members of somebody's room are online. */
export const online = 7;

/** So many of a kind. */
export function several<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
