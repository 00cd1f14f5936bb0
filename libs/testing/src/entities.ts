import { Message, MessageAttachment, MessageType, type Reaction } from '@facet/contracts/messages';
import { Notification, NotificationType } from '@facet/contracts/notifications';
import { Member, MemberRole, Room, RoomType } from '@facet/contracts/rooms';
import { User } from '@facet/contracts/users';
import { userIds } from './callers.js';

const at = new Date('2026-11-01T12:00:00.000Z');

/** idOf: a fixed UUIDv7 for a number, in the order of the numbers. */
export function idOf(number: number): string {
  return `01910000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** aUser: alice's profile, with what differs. */
export function aUser(differs: Partial<User> = {}): User {
  return User.fromPartial({ id: userIds.alice, username: 'alice', name: 'Alice', createdAt: at, updatedAt: at, ...differs });
}

/** aRoom: a public room that the caller is a member of, with what differs. */
export function aRoom(differs: Partial<Room> = {}): Room {
  return Room.fromPartial({
    id: idOf(1),
    name: 'general',
    type: RoomType.ROOM_TYPE_PUBLIC,
    createdBy: userIds.alice,
    createdAt: at,
    updatedAt: at,
    lastActivityAt: at,
    memberCount: 3,
    viewerRole: MemberRole.MEMBER_ROLE_MEMBER,
    ...differs,
  });
}

/** aMember: bob in a room, with what differs. */
export function aMember(differs: Partial<Member> = {}): Member {
  return Member.fromPartial({ userId: userIds.bob, role: MemberRole.MEMBER_ROLE_MEMBER, joinedAt: at, ...differs });
}

/** aMessage: something that bob said, with what differs. */
export function aMessage(differs: Partial<Omit<Message, 'reactions'>> & { reactions?: Reaction[] } = {}): Message {
  return Message.fromPartial({
    id: idOf(100),
    roomId: idOf(1),
    authorId: userIds.bob,
    type: MessageType.MESSAGE_TYPE_TEXT,
    content: 'Good morning',
    createdAt: at,
    updatedAt: at,
    ...differs,
  });
}

/** anAttachment: a picture that came with a message, with what differs. */
export function anAttachment(differs: Partial<MessageAttachment> = {}): MessageAttachment {
  return MessageAttachment.fromPartial({
    id: idOf(900),
    name: 'beach.png',
    type: 'image/png',
    size: 1_234,
    width: 1_024,
    height: 768,
    thumbnails: [160, 320, 640],
    ...differs,
  });
}

/** aNotification: bob mentions somebody, with what differs. */
export function aNotification(differs: Partial<Notification> = {}): Notification {
  return Notification.fromPartial({
    id: idOf(200),
    type: NotificationType.NOTIFICATION_TYPE_MENTION,
    roomId: idOf(1),
    messageId: idOf(100),
    authorId: userIds.bob,
    text: 'Hello @alice',
    createdAt: at,
    ...differs,
  });
}
